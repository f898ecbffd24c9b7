"""How a HorizontalPodAutoscaler is to change the number of a runner's Pods."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from xkit_operator.api.model import Model, cel
from xkit_operator.api.names import JsonObject
from xkit_operator.api.quantity import WHOLE

DEFAULT_UTILIZATION = 70
_BOUNDS_RULE = "minReplicas must not exceed maxReplicas"


class Autoscaling(Model):
    """Bounds and aims of the HorizontalPodAutoscaler."""

    min_replicas: Annotated[int, Field(strict=True, ge=1, le=1000), WHOLE] = 1
    """The least number of Pods."""
    max_replicas: Annotated[int, Field(strict=True, ge=1, le=1000), WHOLE]
    """The greatest number of Pods."""
    target_cpu_utilization_percentage: Annotated[
        Annotated[int, Field(strict=True, ge=1, le=100), WHOLE] | None, Field(alias="targetCPUUtilizationPercentage")
    ] = None
    """How much of the CPU that a Pod can use is to be in use, in percent: of limits.cpu by the functions, and of one
    CPU by the dispatcher, whichever is nearer to its aim. 70 unless metrics are given."""
    metrics: Annotated[
        tuple[JsonObject, ...], Field(max_length=20, json_schema_extra={"x-kubernetes-list-type": "atomic"})
    ] = ()
    """Further metrics, as in spec.metrics of a HorizontalPodAutoscaler (autoscaling/v2)."""
    behavior: JsonObject | None = None
    """How fast to scale, as in spec.behavior of a HorizontalPodAutoscaler (autoscaling/v2)."""

    model_config = ConfigDict(json_schema_extra=cel(("self.minReplicas <= self.maxReplicas", _BOUNDS_RULE)))

    @model_validator(mode="after")
    def _bounds_are_in_order(self) -> Self:
        if self.min_replicas > self.max_replicas:
            raise PydanticCustomError("bounds", _BOUNDS_RULE)
        return self

    @property
    def utilization(self) -> int | None:
        """The aim for the CPU in percent; None when metrics are given instead."""
        if self.target_cpu_utilization_percentage is None and not self.metrics:
            return DEFAULT_UTILIZATION
        return self.target_cpu_utilization_percentage
