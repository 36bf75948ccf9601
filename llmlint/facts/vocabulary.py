"""The names of facts that rules may read: type, meaning, unit, and when they are unknown."""

from __future__ import annotations

from typing import Literal, NamedTuple

Type = Literal["string", "number", "boolean", "list", "mapping"]


class FactSpec(NamedTuple):
    """One fact. `values` lists all values of a closed vocabulary; `unit` is "" for plain numbers and words.

    `unknown_when` finishes the sentence "it is unknown where ...", of one way to the call; "" is never.
    """

    name: str
    type: Type
    meaning: str
    unit: str = ""
    values: tuple[str, ...] = ()
    unknown_when: str = ""


_ARGUMENTS: tuple[tuple[str, Type, str, str], ...] = (
    ("output_cap", "number", "cap on output tokens under any of its spellings", "tokens"),
    ("temperature", "number", "sampling temperature", ""),
    ("top_p", "number", "nucleus sampling", ""),
    ("format", "mapping", "output format as given: response_format, text.format or a type", ""),
    ("tools", "list", "tool or function definitions", ""),
    ("tool_choice", "string", "which tool must be called", ""),
    ("stream", "boolean", "whether the answer is streamed", ""),
    ("service_tier", "string", "auto, default, flex, fast, priority ...", ""),
    ("store", "boolean", "whether the answer is kept by the API", ""),
    ("background", "boolean", "whether the answer is made in the background", ""),
    ("effort", "string", "reasoning effort", ""),
    ("verbosity", "string", "output verbosity", ""),
    ("choices", "number", "answers per request (n, best_of)", ""),
    ("seed", "number", "sampling seed", ""),
    ("stop", "list", "stop sequences", ""),
    ("logprobs", "boolean", "log probabilities asked for", ""),
    ("cache_key", "string", "prompt_cache_key", ""),
    ("cache_options", "mapping", "prompt_cache_options or prompt_cache_retention", ""),
    ("metadata", "mapping", "tags sent with the request", ""),
    ("user", "string", "end-user id: user or safety_identifier", ""),
    ("timeout", "number", "time limit of this call", "seconds"),
    ("headers", "mapping", "headers added to this request, without their values", ""),
    ("extra_body", "mapping", "fields added to the request as they are", ""),
    ("dimensions", "number", "size of an embedding", ""),
    ("previous_response", "string", "previous_response_id or conversation", ""),
    ("completion_window", "string", "time window of a batch", ""),
)

_NO_PRICE = "the model or its price is not known"


def _costs(name: str, meaning: str, unit: str, unknown_when: str) -> tuple[FactSpec, ...]:
    """A figure with its bounds. The plain name is what to expect, with the dearest model and caller."""
    return (
        FactSpec(f"cost.{name}", "number", f"{meaning}: what to expect", unit, (), unknown_when),
        FactSpec(f"cost.{name}_low", "number", f"{meaning}: the least", unit, (), unknown_when),
        FactSpec(f"cost.{name}_high", "number", f"{meaning}: the most", unit, (), unknown_when),
    )


_DECLARED: tuple[FactSpec, ...] = (
    FactSpec("endpoint.id", "string", "endpoint in the provider's catalogue, e.g. chat.completions.create"),
    FactSpec(
        "endpoint.kind",
        "string",
        "what the endpoint makes",
        values=(
            "generation",
            "embedding",
            "image",
            "audio",
            "video",
            "moderation",
            "batch",
            "assistant",
            "realtime",
            "decision",
            "file",
            "tuning",
            "evaluation",
            "other",
        ),
    ),
    FactSpec("endpoint.api", "string", "family of the API: chat, responses, legacy, embeddings ..."),
    FactSpec("endpoint.lifecycle", "string", "state of the endpoint", values=("active", "deprecated", "shutdown")),
    FactSpec(
        "endpoint.days_left",
        "number",
        "days from today to the endpoint's announced shutdown, negative after it; absent where none is announced",
        "days",
    ),
    FactSpec("endpoint.batchable", "boolean", "whether the Batch API takes this endpoint"),
    FactSpec("endpoint.cap_parameter", "string", "right spelling of the output cap here; absent if there is none"),
    FactSpec(
        "client.host",
        "string",
        "who answers",
        values=("openai", "azure", "other"),
        unknown_when="the client's origin or its base_url can't be followed",
    ),
    FactSpec("client.class", "string", "dotted name of the client class or module"),
    FactSpec(
        "client.sdk",
        "string",
        "provider file that describes the client: the SDK's, a wrapper's, plain HTTP's",
        unknown_when="the client's origin can't be followed",
    ),
    FactSpec("client.async", "boolean", "whether the client is asynchronous"),
    FactSpec("client.gives", "list", "arguments that the client's construction may give to all its calls"),
    FactSpec("client.built", "string", "where the client is built", values=("module", "function", "loop")),
    FactSpec("client.max_retries", "number", "retries of the client; absent means the SDK's default"),
    FactSpec("client.timeout", "number", "time limit set on the client", "seconds"),
    FactSpec(
        "client.headers",
        "mapping",
        "headers that the client adds to all its requests, without their values",
        unknown_when="the client is built where it can't be followed",
    ),
    FactSpec("client.project", "string", "project set on the client; absent leaves it to the environment"),
    FactSpec("client.organization", "string", "organization set on the client; absent leaves it to the environment"),
    FactSpec("model.ids", "list", "possible model ids", unknown_when="the id comes from the environment or a caller"),
    FactSpec("model.chosen_by_user", "boolean", "the id is a parameter, option or setting with no fixed value"),
    FactSpec(
        "model.tier",
        "string",
        "price tier from the catalogue",
        values=("premium", "standard", "economy"),
        unknown_when="the id is not in the catalogue or not known",
    ),
    FactSpec("model.reasoning", "boolean", "whether the model reasons by default or on demand"),
    FactSpec("model.lifecycle", "string", "state on the catalogue's date", values=("active", "deprecated", "shutdown")),
    FactSpec(
        "model.shutdown",
        "string",
        "announced shutdown date, ISO, the first of several possible models; absent where none is announced",
        unknown_when="an id is not in the catalogue or not known",
    ),
    FactSpec(
        "model.days_left",
        "number",
        "days from today to the model's announced shutdown, negative after it; absent where none is announced",
        "days",
        unknown_when="an id is not in the catalogue or not known",
    ),
    FactSpec(
        "model.pinned",
        "boolean",
        "every possible id names one dated snapshot, not an alias that moves; false if none does",
        unknown_when="an id is not in the catalogue or not known, or only some of several are snapshots",
    ),
    FactSpec("model.snapshot", "string", "the newest dated snapshot of the model; absent where none is known"),
    FactSpec("model.max_output", "number", "most output tokens of one answer", "tokens"),
    FactSpec("model.input_price", "number", "standard input price", "US dollars per million tokens"),
    FactSpec("model.output_price", "number", "standard output price", "US dollars per million tokens"),
    FactSpec("model.cheaper", "string", "a cheaper active model that supports what the call uses"),
    FactSpec("model.price_ratio", "number", "this model's price over the cheaper one's"),
    FactSpec("model.prices_as_of", "string", "date of the prices, ISO"),
    FactSpec("model.structured_outputs", "boolean", "whether the model takes a JSON schema"),
    FactSpec("model.batch", "boolean", "whether the model has Batch prices"),
    FactSpec("model.flex", "boolean", "whether the model has flex prices"),
    FactSpec("model.cache_minimum", "number", "shortest prefix that is cached", "tokens"),
    *(
        FactSpec(
            f"argument.{name}",
            kind,
            f"{meaning}; effective value: call, splat, partial or client",
            unit,
            unknown_when="a splat or a caller's value can't be followed",
        )
        for name, kind, meaning, unit in _ARGUMENTS
    ),
    FactSpec(
        "prompt.segments",
        "list",
        "the prompt in order, as mappings: part, state (static, fixed for the process, changing, unknown), tokens and "
        "whether they are exact where the text is known, partial where it is not all known, else what changes and how "
        "often, or why it isn't known",
        unknown_when="callers send prompts that differ",
    ),
    FactSpec("prompt.static_tokens", "number", "fixed text in the whole prompt, on every way to it", "tokens"),
    FactSpec("prompt.stranded_tokens", "number", "fixed text behind the change", "tokens"),
    FactSpec(
        "prompt.stranded_cost",
        "number",
        "what the stranded tokens cost at the full input price",
        "US dollars per 1,000 calls",
        unknown_when="the model or its price is not known",
    ),
    FactSpec("prompt.stranded", "string", "what stands behind the change, in words"),
    FactSpec("prompt.leading_tokens", "number", "fixed text before the change", "tokens"),
    FactSpec("prompt.tokens_exact", "boolean", "whether the counts use the model's own encoding"),
    FactSpec(
        "prompt.change_kind",
        "string",
        "what changes; of several changes the one that costs most",
        values=("clock", "random", "identifier", "request", "item", "history", "environment", "unordered", "other"),
    ),
    FactSpec(
        "prompt.change_every",
        "string",
        "how often that change happens",
        values=("call", "day", "conversation", "item", "process", "unknown"),
    ),
    FactSpec("prompt.change_source", "string", "the expression that changes, as written"),
    FactSpec("prompt.cache_key_kind", "string", "what changes in the cache key that is sent; absent without a key"),
    FactSpec("prompt.cache_key_every", "string", "how often the cache key changes; as prompt.change_every"),
    FactSpec("prompt.cache_key_source", "string", "the expression in the cache key that changes, as written"),
    FactSpec("prompt.history_follows", "boolean", "a conversation is sent again behind the change"),
    FactSpec("prompt.asks_json", "boolean", "the fixed text asks for JSON"),
    FactSpec("prompt.text", "string", "the fixed text, joined; of several texts the shortest"),
    FactSpec("prompt.media", "boolean", "images, audio or files are among the input"),
    FactSpec("prompt.several_inputs", "boolean", "one request carries a list of texts, as embeddings may"),
    FactSpec("prompt.roles", "list", "roles of the messages in order"),
    FactSpec(
        "output.format",
        "string",
        "format asked for",
        values=("text", "json_object", "json_schema", "tools", "prose_json"),
    ),
    FactSpec(
        "output.sent_as",
        "string",
        "how the request asks for it: a wrapper may ask for a class by JSON mode or in prose",
        values=("text", "json_object", "json_schema", "tools", "prose_json"),
    ),
    FactSpec(
        "output.closed_schema",
        "boolean",
        "the schema holds nothing but enumerations, booleans and numbers; absent without a schema",
    ),
    FactSpec(
        "output.schema_asks",
        "string",
        "what the schema leaves to say: a decision, alone or with its reason, text, or else; absent without a schema",
        values=("decision", "explained_decision", "text", "open"),
    ),
    FactSpec(
        "output.schema_beside", "boolean", "another call in the same function sends the same prompt with a schema"
    ),
    FactSpec("output.read_as", "list", "how the answer is read: json, pydantic, regex, number, compared, returned ..."),
    FactSpec("output.keys", "list", "keys that the code reads from the parsed answer, in order of reading"),
    FactSpec("output.compared_with", "list", "constants that the answer is compared with"),
    FactSpec(
        "surroundings.role",
        "string",
        "role of the code; online where somebody waits for the answer, whoever else runs it as well",
        values=("online", "offline", "test", "library", "notebook"),
        unknown_when="nothing shows who runs the code",
    ),
    FactSpec(
        "surroundings.loop",
        "string",
        "what kind of loop repeats the call; in a script on any way to it, in a server or library on every way",
        values=("none", "dataset", "retry", "agent", "conversation", "stream", "constant"),
    ),
    FactSpec("surroundings.iterates", "string", "what the loop goes over, as written"),
    FactSpec(
        "surroundings.repeated", "string", "the caller that the loop repeats, as written; absent for the call itself"
    ),
    FactSpec("surroundings.items", "number", "items of all loops together, at most, if they are known", "items"),
    FactSpec("surroundings.conditional", "boolean", "some items may be passed over; absent without a loop over items"),
    FactSpec("surroundings.carried", "boolean", "an iteration needs the previous answer"),
    FactSpec("surroundings.concurrent", "boolean", "the calls run in a pool or are gathered"),
    FactSpec("surroundings.function", "string", "name of the function around the call"),
    FactSpec("surroundings.file", "string", "the file of the call, relative to the project, with `/`"),
    FactSpec(
        "surroundings.caller_files",
        "list",
        "the files of the callers on this way to the call, nearest first, relative to the project",
    ),
    FactSpec(
        "surroundings.comments",
        "list",
        "comments in the statement of the call or directly above it or its function, and the same of its callers",
    ),
    FactSpec("surroundings.evaluation", "boolean", "the code is a judge, benchmark or evaluation harness"),
    FactSpec(
        "task.kind",
        "string",
        "what is asked",
        values=("classify", "yes_no", "score", "extract", "translate", "title", "summarise", "route", "open"),
    ),
    FactSpec("task.evidence", "list", "independent signs that the task is small"),
    *_costs("per_1000_calls", "what the call costs", "US dollars per 1,000 calls", _NO_PRICE),
    *_costs("per_month", "what it costs with the traffic that the settings give", "US dollars per month", _NO_PRICE),
    *_costs("input_tokens", "input of one request", "tokens", _NO_PRICE),
    *_costs("output_tokens", "output of one request, all answers and reasoning together", "tokens", _NO_PRICE),
    FactSpec("cost.calls_per_day", "number", "traffic that the settings give; absent without", "calls per day"),
    FactSpec(
        "cost.service",
        "string",
        "what the call is billed as",
        values=("standard", "batch", "flex", "fast", "decisions"),
        unknown_when=_NO_PRICE,
    ),
    FactSpec(
        "cost.assumed",
        "list",
        "what the cost is assumed from as neither the source nor the settings say it: input, output, cache",
        unknown_when=_NO_PRICE,
    ),
    FactSpec("cost.prices_as_of", "string", "date of the prices, ISO", unknown_when=_NO_PRICE),
)

_CLIENT = "the client's origin can't be followed"
_OPTION = "it is set on some ways only, or where it can't be followed"
_MODEL = "an id is not known or not in the catalogue, or several of them differ"
_PROMPT = "a part of the prompt can't be followed"
_KEY = "the key comes from where it can't be followed"
_FORMAT = "the format can't be followed, or differs from way to way"

_UNKNOWN_WHEN = {
    "client.class": _CLIENT,
    "client.async": _CLIENT,
    "client.built": _CLIENT,
    "client.max_retries": _OPTION,
    "client.timeout": _OPTION,
    "client.project": _OPTION,
    "client.organization": _OPTION,
    **{
        f"model.{name}": _MODEL
        for name in (
            "reasoning", "lifecycle", "snapshot", "max_output", "input_price", "output_price", "cheaper",
            "price_ratio", "structured_outputs", "batch", "flex", "cache_minimum",
        )
    },
    **{
        f"prompt.{name}": _PROMPT
        for name in (
            "static_tokens", "asks_json", "media", "roles", "history_follows", "change_kind", "change_every",
            "change_source",
        )
    },
    "prompt.cache_key_kind": _KEY,
    "prompt.cache_key_every": _KEY,
    "prompt.cache_key_source": _KEY,
    "prompt.several_inputs": "whether one text or a list of them is sent can't be told",
    "output.format": _FORMAT,
    "output.sent_as": _FORMAT,
    "output.keys": "the answer goes through too many places",
    "surroundings.loop": "what the loop is for can't be told, or callers differ and who runs them isn't known",
}  # fmt: skip
"""For facts that share a reason."""

FACTS = tuple(spec._replace(unknown_when=spec.unknown_when or _UNKNOWN_WHEN.get(spec.name, "")) for spec in _DECLARED)
NAMES = {spec.name: spec for spec in FACTS}
