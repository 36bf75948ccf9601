#!/usr/bin/env bash
# install.sh FOLDER: installs the llmlint of this checkout into an environment of its own, with LLMLINT_PYTHON.
set -euo pipefail
folder=$1
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
python=${LLMLINT_PYTHON:-python3}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
    echo "::error title=llmlint::$python is no Python 3.10 or newer; set one up first, or name it with the input 'python'."
    exit 2
fi
"$python" -m venv "$folder"
bin=$folder/bin
[ -d "$bin" ] || { ln -s "$folder/Scripts" "$bin" 2>/dev/null || cp -R "$folder/Scripts" "$bin"; } # Windows
"$bin/python" -m pip install --quiet --disable-pip-version-check "$source"
