"""The Destinations that are measured: each with a function of its own and two SourceMappings, and a fake Pod.

Pure. Also the children that the operator makes of one, for the script that writes all of them itself.
"""

from typing import Any

from tests.scale.fake_nodes import PLACEMENT
from xkit_operator.api.destination import Destination
from xkit_operator.api.group import API_VERSION
from xkit_operator.api.sourcemapping import SourceMapping
from xkit_operator.objects.configmap import configuration_map, runner_configuration
from xkit_operator.objects.deployment import deployment
from xkit_operator.objects.pod import pod_template
from xkit_operator.objects.service import service
from xkit_operator.objects.serviceaccount import service_account

Object = dict[str, Any]

SOURCES = ("hubspot", "salesforce")

_FUNCTION = """\
const axios = require('axios')

// Destination number {number}
module.exports = async ({{ inputs, variables }}) => {{
  const contact = {{ id: inputs.id, email: inputs.email, name: `${{inputs.firstName}} ${{inputs.lastName}}` }}
  if (inputs.score > {number}) contact.tier = 'gold'
  const answer = await axios.put(`${{variables.baseUrl}}/contacts/${{encodeURIComponent(inputs.id)}}`, contact)
  return {{ id: answer.data.id, created: answer.status === 201 }}
}}
"""
_INPUTS = (
    {"name": "id", "type": "string"},
    {"name": "email", "type": "string"},
    {"name": "firstName", "type": "string", "optional": True},
    {"name": "lastName", "type": "string", "optional": True},
    {"name": "score", "type": "number", "optional": True},
)


def name_of(number: int) -> str:
    return f"contacts-{number:04}"


def unit(number: int, namespace: str) -> list[Object]:
    """A Destination and its SourceMappings, in the order in which one file would have them."""
    name = name_of(number)
    spec = {
        "inputs": list(_INPUTS),
        "functions": {"upsert": {"source": _FUNCTION.format(number=number)}},
        "variables": [{"name": "baseUrl", "value": f"https://crm-{number}.example.com"}],
        "pod": PLACEMENT,
    }
    return [_object("Destination", namespace, name, spec)] + [
        _object("SourceMapping", namespace, f"{name}-{slug}", _mapping(name, slug)) for slug in SOURCES
    ]


def children(number: int, namespace: str, *, image: str, dispatcher_image: str) -> list[Object]:
    """What the operator writes for it but for the owner reference: whoever writes them knows no uid of an owner."""
    first, *others = unit(number, namespace)
    destination = Destination.parse(_stored(first))
    mappings = [SourceMapping.parse(_stored(one)) for one in others]
    config_map = configuration_map(destination, runner_configuration(destination, mappings))
    name = config_map["metadata"]["name"]
    template = pod_template(destination, image=image, dispatcher_image=dispatcher_image, configuration=name)
    written = deployment(destination, template)
    written["spec"]["replicas"] = 1
    objects = [service_account(destination), service(destination), config_map, written]
    for one in objects:
        del one["metadata"]["ownerReferences"]
    return objects


def _mapping(destination: str, slug: str) -> Object:
    inputs: list[Object] = [
        {"name": "id", "direct": {"pointer": f"/{slug}/id"}},
        {"name": "email", "direct": {"pointer": "/properties/email"}},
        {"name": "firstName", "direct": {"pointer": "/properties/firstname"}},
        {"name": "lastName", "direct": {"pointer": "/properties/lastname"}},
        {"name": "score", "static": {"value": 1}},
    ]
    return {"destinationRef": {"name": destination}, "source": {"slug": slug}, "inputs": inputs}


def _object(kind: str, namespace: str, name: str, spec: Object) -> Object:
    return {
        "apiVersion": API_VERSION,
        "kind": kind,
        "metadata": {"namespace": namespace, "name": name},
        "spec": spec,
    }


def _stored(obj: Object) -> Object:
    """As read from a server."""
    added = {
        "uid": "00000000-0000-0000-0000-000000000000",
        "generation": 1,
        "creationTimestamp": "2030-01-01T00:00:00Z",
    }
    return obj | {"metadata": obj["metadata"] | added}
