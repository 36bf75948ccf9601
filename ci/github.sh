#!/usr/bin/env bash
# Runs llmlint in a GitHub job, in the current folder. What it is asked for comes in variables LLMLINT_*, as action.yml
# sets them; the exit code is that of llmlint, whatever becomes of the comment and of code scanning.
set -euo pipefail

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
code=0

warn() { echo "::warning title=llmlint::$1"; }

stop() {
    echo "::error title=llmlint::$1"
    exit 2
}

# Runs llmlint and keeps its exit code; a second run that only writes a report may not fail the job by its findings.
llmlint() { "$LLMLINT" "$@" || { code=$?; }; }
quietly() { "$LLMLINT" "$@" || [ $? -eq 1 ]; }

check() {
    llmlint check --format "$LLMLINT_FORMAT" --fail-on "$LLMLINT_FAIL_ON"
    if [ "$LLMLINT_UPLOAD_SARIF" = true ] && [ "$code" -ne 2 ]; then
        quietly check --format sarif --output "$temporary/llmlint.sarif"
        upload "$temporary/llmlint.sarif"
    fi
}

upload() {
    gzip -c "$1" | base64 | tr -d '\n' > "$temporary/sarif"
    gh api --silent --method POST "repos/$GITHUB_REPOSITORY/code-scanning/sarifs" \
        -f commit_sha="$GITHUB_SHA" -f ref="$GITHUB_REF" -F sarif="@$temporary/sarif" ||
        warn "The findings could not be sent to code scanning; the job needs the permission security-events: write."
}

# What to compare with. A merge commit that GitHub made for the pull request has the base as its first parent, so that
# a checkout with fetch-depth: 2 is enough; else the whole history up to the fork must be there.
revisions() {
    if [ -n "$LLMLINT_BASE" ]; then
        printf '%s\n' "$LLMLINT_BASE" HEAD
    elif [[ "${GITHUB_REF:-}" = refs/pull/*/merge ]] && git rev-parse --quiet --verify 'HEAD^2' >/dev/null; then
        printf '%s\n' 'HEAD^1' HEAD
    else
        printf '%s\n' --merge-base "$LLMLINT_BASE_SHA" HEAD
    fi
}

compare() {
    if [ -z "$LLMLINT_BASE$LLMLINT_BASE_SHA" ]; then
        echo "llmlint: this is no pull request and no base is given, so there is nothing to compare."
        return
    fi
    local words=() limits=(--fail-on-new --fail-on "$LLMLINT_FAIL_ON")
    while IFS= read -r word; do words+=("$word"); done < <(revisions)
    [ -z "$LLMLINT_MAX_INCREASE" ] || limits+=("--max-increase=$LLMLINT_MAX_INCREASE")
    llmlint diff "${words[@]}" --format "$LLMLINT_FORMAT" "${limits[@]}"
    if [ "$LLMLINT_COMMENT" = true ] && [ -n "$LLMLINT_PULL_REQUEST" ] && [ "$code" -ne 2 ]; then
        quietly diff "${words[@]}" --format markdown --output "$temporary/comment.md"
        comment "$temporary/comment.md" ||
            warn "The comment could not be written; the job needs the permission pull-requests: write, which it has no way to get for a fork."
    fi
}

# Changes the comment that begins with the same mark, if there is one; else writes one, if there is something to say.
comment() {
    local mark found
    IFS= read -r mark < "$1"
    found=$(MARK=$mark gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$LLMLINT_PULL_REQUEST/comments?per_page=100" \
        --jq '.[] | select(.user.login == env.LLMLINT_COMMENT_AUTHOR and (.body | startswith(env.MARK))) | .id') || return
    found=${found%%$'\n'*}
    if [ -n "$found" ]; then
        gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$found" -F body="@$1"
    elif ! grep -q '^## llmlint: no call to a model changes$' "$1"; then
        gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$LLMLINT_PULL_REQUEST/comments" -F body="@$1"
    fi
}

case "$LLMLINT_FORMAT" in
github | text | sarif) ;;
*) stop "There is no format '$LLMLINT_FORMAT' here; choose github, text or sarif." ;;
esac
case "$LLMLINT_MODE" in
check) check ;;
diff) compare ;;
*) stop "There is no mode '$LLMLINT_MODE'; choose check or diff." ;;
esac
echo "exit-code=$code" >> "${GITHUB_OUTPUT:-/dev/null}"
exit "$code"
