"""A project whose function sends requests by every client that functions may use, with a golden test for each."""

import json
from pathlib import Path
from typing import Any

import yaml

DESTINATION = {
    "apiVersion": "xkit.dev/v1alpha1",
    "kind": "Destination",
    "metadata": {"name": "clients"},
    "spec": {
        "variables": [
            {"name": "base", "value": "http://api.example.com"},
            {"name": "key", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
        ],
        "inputs": [
            {"name": "client", "type": "string"},
            {"name": "score", "type": "integer", "optional": True},
        ],
        "functions": {
            "upsert": {"sourceFrom": {"configMapKeyRef": {"name": "f", "key": "upsert.js"}}},
            "delete": {"sourceFrom": {"configMapKeyRef": {"name": "f", "key": "delete.mjs"}}},
        },
    },
}
MAPPING = {
    "apiVersion": "xkit.dev/v1alpha1",
    "kind": "SourceMapping",
    "metadata": {"name": "clients-app"},
    "spec": {
        "destinationRef": {"name": "clients"},
        "source": {"slug": "app"},
        "inputs": [
            {"name": "client", "direct": {"pointer": "/client"}},
            {"name": "score", "direct": {"pointer": "/score"}},
        ],
    },
}
UPSERT = """
const http = require('http')
const https = require('https')
const net = require('net')
const axios = require('axios')
const fetch = require('node-fetch')
const body = JSON.stringify({ a: [1, 'ü'] })
const headers = { 'content-type': 'application/json', 'x-key': 'k' }

const read = (response, resolve, reject) => {
  let text = ''
  response.setEncoding('utf8')
  response.on('data', (part) => { text += part })
  response.on('end', () => resolve([response.statusCode, text && JSON.parse(text)]))
  response.on('error', reject)
}
const sent = (start) => new Promise((resolve, reject) => {
  const request = start((response) => read(response, resolve, reject))
  request.on('error', reject)
  request.end(body)
})

const clients = {
  axios: async (base) => {
    const { status, data } = await axios.put(`${base}/x?q=1`, JSON.parse(body), { headers })
    return [status, data]
  },
  'axios over https': () => clients.axios('https://api.example.com'),
  'node-fetch': async (base) => {
    const response = await fetch(`${base}/x?q=1`, { method: 'PUT', headers, body })
    return [response.status, await response.json()]
  },
  'node-fetch over https': () => clients['node-fetch']('https://api.example.com'),
  'http.request with a URL': (base) => sent((done) => http.request(`${base}/x?q=1`, { method: 'PUT', headers }, done)),
  'https.request with options': () =>
    sent((done) => https.request({ host: 'api.example.com', path: '/x?q=1', method: 'PUT', headers }, done)),
  'https.request with an agent and a port': () =>
    sent((done) => https.request({
      hostname: 'api.example.com', port: 8443, path: '/x?q=1', method: 'PUT', headers,
      agent: new https.Agent({ keepAlive: true }), timeout: 1000,
    }, done)),
  'http.get': (base) => new Promise((resolve, reject) => {
    http.get(new URL(`${base}/x?q=1`), (response) => read(response, resolve, reject)).on('error', reject)
  }),
  redirect: async (base) => (await axios.get(`${base}/old`)).data,
  'two at once': async (base) =>
    (await Promise.all([1, 2].map((id) => axios.get(`${base}/many/${id}`)))).map(({ data }) => data.id),
  'the same twice': async (base) => [(await axios.get(`${base}/x`)).data, (await axios.get(`${base}/x`)).data],
  none: async () => 'nothing',
  large: async (base) => (await axios.post(`${base}/large`, 'x'.repeat(500000))).data.length,
  reset: async (base) => axios.get(`${base}/reset`).catch((error) => error.code),
  socket: () => new Promise((resolve, reject) => {
    net.connect(443, '192.0.2.1').on('error', reject).on('connect', resolve)
  }),
  key: async (base, key) => key,
}

module.exports = async ({ inputs, variables }) => {
  console.log('client', inputs.client)
  return clients[inputs.client](variables.base, variables.key)
}
"""
DELETE = """
import { request } from 'https'

export default async () => new Promise((resolve, reject) => {
  const sent = request('https://api.example.com/x', { method: 'DELETE' }, (response) => {
    response.resume()
    response.on('end', () => resolve(response.statusCode))
  })
  sent.on('error', reject)
  sent.end()
})
"""
BODY = {"a": [1, "ü"]}


def put(url: str) -> dict[str, Any]:
    return {
        "method": "PUT", "url": url, "headers": {"X-Key": "k"}, "body": BODY,
        "respond": {"status": 202, "body": {"ok": True}},
    }  # fmt: skip


def case(client: str, *requests: dict[str, Any], **expect: Any) -> dict[str, Any]:
    return {
        "name": client,
        "source": {"slug": "app"},
        "record": {"client": client},
        "expect": {"requests": list(requests), **expect},
    }


HTTP, HTTPS = "http://api.example.com/x?q=1", "https://api.example.com/x?q=1"
PUT_ANSWER = [202, {"ok": True}]
CLIENTS = [
    case("axios", put(HTTP), result=PUT_ANSWER),
    case("axios over https", put(HTTPS), result=PUT_ANSWER),
    case("node-fetch", put(HTTP), result=PUT_ANSWER),
    case("node-fetch over https", put(HTTPS), result=PUT_ANSWER),
    case("http.request with a URL", put(HTTP), result=PUT_ANSWER),
    case("https.request with options", put(HTTPS), result=PUT_ANSWER),
    case("https.request with an agent and a port", put("https://api.example.com:8443/x?q=1"), result=PUT_ANSWER),
    case("http.get", {"url": HTTP, "respond": {"status": 200, "body": 7}}, result=[200, 7]),
    case(
        "redirect",
        {"url": "http://api.example.com/old", "respond": {"status": 302, "headers": {"location": "/new"}}},
        {"url": "http://api.example.com/new", "respond": {"body": "there"}},
        result="there",
    ),
    case(
        "two at once",
        {"url": "http://api.example.com/many/2", "respond": {"body": {"id": 2}}},
        {"url": "http://api.example.com/many/1", "respond": {"body": {"id": 1}}},
        result=[1, 2],
    ),
    case(
        "the same twice",
        {"url": "http://api.example.com/x", "respond": {"body": "first"}},
        {"url": "http://api.example.com/x", "respond": {"body": "second"}},
        result=["first", "second"],
    ),
    case("none", result="nothing"),
    case(
        "large",
        {"method": "POST", "url": "http://api.example.com/large", "respond": {"body": "y" * 300_000}},
        result=300_000,
    ),
    case("reset", {"url": "http://api.example.com/reset", "respond": {"error": "reset"}}, result="ECONNRESET"),
    case("key", result="test-key"),
    {
        "name": "a named import of an ES module",
        "source": {"slug": "app"},
        "operation": "delete",
        "record": {"client": "x"},
        "expect": {
            "requests": [{"method": "DELETE", "url": "https://api.example.com/x", "respond": {"status": 204}}],
            "result": 204,
        },
    },
]
FAILING = [
    case("http.get", result=[200, 7]) | {"name": "a request that is not expected"},
    case("none", {"url": "http://api.example.com/never"}) | {"name": "a request that is not sent"},
    case("axios", put(HTTP) | {"body": {"a": [2]}}) | {"name": "another body"},
    case("axios", put(HTTP), inputs={"client": "axios"}) | {"name": "an input that is not named"},
    case("none", outcome="rejected") | {"name": "another outcome"},
    case("none", result="something") | {"name": "another result"},
    case("none", result="nothing") | {"name": "a record that is refused", "record": {"client": "none", "score": "x"}},
    case("socket", result=1) | {"name": "a socket of its own"},
]
DIFFERENCES: dict[str, list[tuple[str, str, str]]] = {
    "a request that is not expected": [("requests", "no such request", "GET http://api.example.com/x?q=1")],
    "a request that is not sent": [("requests[0]", "GET http://api.example.com/never", "not sent")],
    "another body": [("requests[0].body.a[0]", "2", "1"), ("requests[0].body.a[1]", "nothing", '"ü"')],
    "an input that is not named": [("inputs.score", "nothing", "null")],
    "another outcome": [("outcome", '"rejected"', '"succeeded"')],
    "another result": [("result", '"something"', '"nothing"')],
    "a record that is refused": [("outcome", '"succeeded"', '"rejected"')],
    "a socket of its own": [("outcome", '"succeeded"', '"failed"')],
}


def write_project(folder: Path, cases: list[dict[str, Any]]) -> None:
    """The project, with `cases` as its golden tests."""
    for name in ("functions", "tests"):
        (folder / name).mkdir(parents=True)
    (folder / "destination.yaml").write_text(json.dumps(DESTINATION))
    (folder / "mapping.yaml").write_text(json.dumps(MAPPING))
    (folder / "functions" / "upsert.js").write_text(UPSERT)
    (folder / "functions" / "delete.mjs").write_text(DELETE)
    (folder / "tests" / "clients.yaml").write_text(yaml.safe_dump(cases, sort_keys=False, allow_unicode=True))
