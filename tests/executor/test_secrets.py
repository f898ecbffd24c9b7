"""What a runner Pod emits, all of it: no text of a Secret, and no value of a record, shows in any of it."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from tests.executor.conftest import StartPod
from tests.executor.pod import MAPPING, Pod, eventually, record

OLD = 'Qz7"old\\key/ä 1&2=3\nQz7-second-line-of-old\n'
NEW = 'Qz7"new\\key/ä 1&2=3\nQz7-second-line-of-new\n'
MARK = "Qz7"
"""Begins each line of each secret: no rule of escaping changes it, so whatever shows of a secret begins with it."""

FORMS = {
    "raw": "key",
    "as JSON": "JSON.stringify({ key })",
    "as JSON within JSON": "JSON.stringify({ body: JSON.stringify({ key }) })",
    "inspected": "require('util').inspect({ deep: [key] })",
    "URL-encoded": "encodeURIComponent(key)",
    "as form data": "new URLSearchParams({ key }).toString()",
    "by axios' rules": "require('axios').getUri({ url: '/', params: { key } })",
    "in a URL": "new URL('https://a.example/?' + key).href",
    "line by line": "key.split('\\n').map((line) => line.trim()).join(' | ')",
}
UPSERT = f"""
    const forms = {{ {", ".join(f"{json.dumps(name)}: (key) => {form}" for name, form in FORMS.items())} }};
    const first = [];
    module.exports = async ({{ variables, inputs }}) => {{
      first.push(variables.key);
      for (const key of [variables.key, first[0]]) {{
        const text = forms[inputs.form](key);
        if (inputs.way === 'prints') {{ console.log(text, {{ text }}); process.stdout.write(text); }}
        if (inputs.way === 'throws') throw new Error(text);
        if (inputs.way === 'throws an object') throw {{ text, key }};
        if (inputs.way === 'is refused') throw Object.assign(new Error(text), {{ status: 429, retryAfter: text }});
        if (inputs.way === 'skips') throw new EventNotSupported(text);
        if (inputs.way === 'returns a circle') {{ const a = {{ toJSON() {{ throw new Error(text); }} }}; return a; }}
        if (inputs.way === 'rejects, unawaited') Promise.reject(new Error(text));
        if (inputs.way === 'warns') process.emitWarning(text);
      }}
      return {{ text: first.map(forms[inputs.form]), [forms[inputs.form](variables.key)]: 1, key: variables.key }};
    }}"""
WAYS = (
    "returns",
    "prints",
    "throws",
    "throws an object",
    "is refused",
    "skips",
    "returns a circle",
    "warns",
    "rejects, unawaited",
)
INPUTS = [{"name": "form", "type": "string"}, {"name": "way", "type": "string"}]
ENTRIES = [{"name": name, "direct": {"pointer": f"/{name}"}} for name in ("form", "way")]


async def emitted(pod: Pod, answers: Iterable[Any] = ()) -> dict[str, str]:
    """By place, all that has left the Pod: what was answered, and all that others can look at."""
    found = {"answers": " ".join(str(answer) for answer in answers)}
    for path in ("/metrics", "/readyz", "/livez", "/statusz"):
        found[path] = str(await pod.admin(path))
    files = [*pod.folder.glob("*.log"), *pod.folder.glob("run/progress-*"), pod.folder / "termination-log"]
    return found | {file.name: file.read_bytes().decode(errors="replace") for file in files if file.exists()}


def showing(text: str, places: dict[str, str]) -> dict[str, str]:
    """The places where `text` shows, with what surrounds it."""
    found = {place: content.find(text) for place, content in places.items()}
    return {place: places[place][max(0, at - 80) : at + 80] for place, at in found.items() if at >= 0}


async def test_no_secret_leaves_a_pod_in_any_form_also_after_a_rotation(start_pod: StartPod) -> None:
    mapping = {"name": "m", "spec": {**MAPPING["spec"], "inputs": ENTRIES}}
    pod = await start_pod(UPSERT, inputs=INPUTS, mappings=(mapping,), secrets={"key": OLD})
    records = [
        record(f"{way}, {form}", record={"form": form, "way": way})
        for way in WAYS[:-1]  # the last one ends its executor, and with it what is left of the old value
        for form in FORMS
    ]
    answers = [await pod.send(one) for one in records]
    pod.write_variables({"key": NEW}, version="2")

    async def is_rotated() -> bool:
        return any(line["message"] == "variables have changed" for line in pod.log("dispatcher"))

    await eventually(is_rotated, "the new value arrives")
    answers += [await pod.send(one) for one in records]
    answers += [await pod.send(record(record={"form": form, "way": WAYS[-1]})) for form in FORMS]

    async def is_told() -> bool:
        return any("nobody awaited" in line["message"] for line in pod.log("function"))

    await eventually(is_told, "the rejection is logged")
    assert {status for status, _, _ in answers} == {200, 500}
    places = await emitted(pod, answers)
    assert places["answers"].count("***") > len(records)
    assert places["function.log"].count("***") > len(FORMS)
    assert showing(MARK, places) == {}


@pytest.mark.parametrize("secret", ["Qz7-literal-in-the-source", 'Qz7"literal"'])
async def test_a_function_that_does_not_load_shows_no_secret(start_pod: StartPod, secret: str) -> None:
    """Top-level code has no variables; but a key that is also written into the source may stand in its error."""
    upsert = f"console.log({json.dumps(secret)}); throw new Error('cannot use ' + {json.dumps(secret)})"
    pod = await start_pod(upsert, secrets={"key": secret}, ready=False)
    assert await pod.ended("function") == 65
    places = await emitted(pod, [await pod.send(record())])
    for place in ("/readyz", "termination-log", "function.log"):
        assert "cannot use ***" in places[place]
    assert showing(MARK, places) == {}


async def test_what_a_function_says_of_a_record_stays_in_its_own_container(start_pod: StartPod) -> None:
    pod = await start_pod("module.exports = async ({ inputs }) => { Promise.reject(new Error(inputs.id)); }")
    assert (await pod.send(record(record={"id": MARK})))[0] == 200

    async def is_told() -> bool:
        return any("nobody awaited" in line["message"] for line in pod.log("dispatcher"))

    await eventually(is_told, "the dispatcher takes note")
    assert showing(MARK, await emitted(pod)).keys() == {"function.log"}


async def test_no_value_of_a_record_is_logged_or_counted(start_pod: StartPod) -> None:
    upsert = """
        module.exports = async ({ inputs, context }) => {
          if (inputs.score === 1) throw Object.assign(new Error('no'), { status: 404, data: inputs })
          if (inputs.score === 2) throw { ...inputs, name: 'ValidationError', message: 'no', context }
          if (inputs.score === 3) process.abort()
          if (inputs.score === 4) return { inputs, self: 1n }
          return { inputs, context }
        }"""
    pod = await start_pod(upsert)
    fields = {name: {MARK: MARK} for name in ("context", "connection")}
    sent = [
        record("r1", record={"id": MARK, "score": score, MARK: MARK}, key=MARK, time=MARK, **fields)
        for score in (0, 1, 2, 4, MARK, 3)
    ]
    malformed = [{**sent[0], MARK: 1}, {**sent[0], "operation": MARK}, {**sent[0], "source": {"slug": MARK}}, [MARK]]
    answers = [await pod.send(one) for one in sent + malformed]
    assert [status for status, _, _ in answers] == [200, 422, 422, 200, 422, 502, 400, 400, 422, 200]
    places = await emitted(pod)
    assert showing(MARK, places) == {}
