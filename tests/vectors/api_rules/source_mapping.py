"""A SourceMapping as a whole, and which records it is for."""

from tests.vectors.api_rules.rule import ABSENT, SOURCE_MAPPING, rules

SOURCE_MAPPING_RULES = rules(
    SOURCE_MAPPING,
    ("a spec is required", {}, {"spec": ABSENT}, "spec: Required value"),
    ("unknown fields are refused", {}, {"spec.sources": []}, 'unknown field "spec.sources"'),
    ("a destination is required", {}, {"spec.destinationRef": ABSENT}, "spec.destinationRef: Required value"),
    (
        "a destination has a name",
        {"spec.destinationRef.name": "other"},
        {"spec.destinationRef": {}},
        "spec.destinationRef.name: Required value",
    ),
    (
        "the name of a destination is one that it can have",
        {"spec.destinationRef.name": "a-1"},
        {"spec.destinationRef.name": "Crm"},
        "spec.destinationRef.name",
    ),
    ("a source is required", {}, {"spec.source": ABSENT}, "spec.source: Required value"),
    ("a source has a slug", {}, {"spec.source": {"object": "contact"}}, "spec.source.slug: Required value"),
    ("a slug is lower case", {"spec.source.slug": "ms-dynamics_365"}, {"spec.source.slug": "HubSpot"}, "slug"),
    ("a slug has at most 63 characters", {"spec.source.slug": "s" * 63}, {"spec.source.slug": "s" * 64}, "slug"),
    ("an object is not empty", {"spec.source.object": "Contact"}, {"spec.source.object": ""}, "spec.source.object"),
    (
        "an object has at most 63 characters",
        {"spec.source.object": "o" * 63},
        {"spec.source.object": "o" * 64},
        "spec.source.object",
    ),
    ("the name is one that objects can have", {"metadata.name": "crm.a"}, {"metadata.name": "a..b"}, "metadata.name"),
    ("there is nothing beside spec", {}, {"specs": {}}, 'unknown field "specs"'),
    (
        "the name of a destination has at most 63 characters",
        {"spec.destinationRef.name": "d" * 63},
        {"spec.destinationRef.name": "d" * 64},
        "spec.destinationRef.name: Too long",
    ),
    (
        "the name of a destination has no dots, since its Service has it, too",
        {"spec.destinationRef.name": "crm-a"},
        {"spec.destinationRef.name": "crm.a"},
        "spec.destinationRef.name",
    ),
    (
        "a null is no value",
        {"spec.source.object": None},
        {"spec.source.slug": None},
        "spec.source.slug: Required value",
    ),
)
