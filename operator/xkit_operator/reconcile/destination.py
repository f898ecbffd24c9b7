"""The reconcile of a Destination: make the world what it says, and say in its status what came of it.

Called by a worker with a key, as often as anything may have changed; one worker at a time holds a key. Also writes the
status of the SourceMappings that point at it. Each write can be the last one before a crash: the next run converges.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from xkit_operator.api.conditions import Condition, ConditionType, find_condition
from xkit_operator.api.destination import DestinationStatus
from xkit_operator.engine.together import together
from xkit_operator.errors import FunctionSyntaxError, InvalidSpec, UnknownRuntime
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.kube.events import EventRecorder
from xkit_operator.objects.deployment import rolled_out
from xkit_operator.objects.labels import pod_selector
from xkit_operator.objects.service import url
from xkit_operator.reconcile.children.standing import scale_standing, standing_configuration, standing_deployment
from xkit_operator.reconcile.cleanup.departure import Departure
from xkit_operator.reconcile.cleanup.retention import Retention
from xkit_operator.reconcile.findings import problem_of, rebase_of
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.mappings.index import MappingIndex
from xkit_operator.reconcile.mappings.pointing import read_pointing, readable, report_verdicts
from xkit_operator.reconcile.provisioning.rebase import RebaseGate
from xkit_operator.reconcile.references.index import ReferenceIndex
from xkit_operator.reconcile.reporting.announce import announce_destination
from xkit_operator.reconcile.reporting.change import still_awaited
from xkit_operator.reconcile.reporting.diagnosis import deployment_problem, diagnose
from xkit_operator.reconcile.reporting.progress import tell_change, tell_stages
from xkit_operator.reconcile.reporting.status import Observation, destination_status
from xkit_operator.reconcile.reporting.writing import status_of, time_of, timestamp, write_status
from xkit_operator.reconcile.steps import Pass, Steps
from xkit_operator.reconcile.telemetry import Telemetry

# Only another text mends these: its event brings the key back, or the next look finds it. All else is tried again.
_FINAL = (InvalidSpec, FunctionSyntaxError, UnknownRuntime)

_SHORTEST_POLL = 2.0
_LONGEST_POLL = 15.0


class DestinationReconciler:
    """`doubt` is told a key and the image that its Pods cannot pull; it has the key come back when that is news.

    `enqueue` takes keys whose turn comes next; `now` gives aware UTC times. Without `retention` old images stay.
    """

    def __init__(
        self,
        cluster: Cluster,
        steps: Steps,
        references: ReferenceIndex,
        index: MappingIndex,
        events: EventRecorder,
        telemetry: Telemetry,
        departure: Departure,
        retention: Retention | None,
        gate: RebaseGate,
        *,
        doubt: Callable[[Key, str], None],
        enqueue: Callable[[Key], None],
        now: Callable[[], datetime],
    ) -> None:
        self._cluster = cluster
        self._steps = steps
        self._references = references
        self._index = index
        self._events = events
        self._telemetry = telemetry
        self._departure = departure
        self._retention = retention
        self._doubt = doubt
        self._gate = gate
        self._enqueue = enqueue
        self._now = now

    async def reconcile(self, key: Key) -> float | None:
        """One run. Returns the seconds after which to look again; raises an XkitError when it has to be tried again."""
        obj = await self._cluster.recall("Destination", namespace=key.namespace, name=key.name)
        if obj is None or "deletionTimestamp" in obj["metadata"]:
            self._leave(key)
            return await self._departure.leave(obj) if obj is not None else None
        obj = await self._departure.prepare(obj)
        self._cluster.versions.saw("Destination", obj)
        before = status_of(DestinationStatus, obj)
        tell_change(self._telemetry, key, obj, before, self._now())
        done = await self._steps.provide(obj)
        # Not before there is an image: what was applied together with the Destination is there by now, and is served
        # by its first Pods.
        pointing = await read_pointing(self._cluster, self._index, key)
        done = await self._steps.apply(done, readable(pointing))
        if done.error is not None or done.paused:
            done = await self._with_what_stands(key, obj, done)
        observed = await self._observe(key, obj, done)
        now = timestamp(self._now())
        after = destination_status(before, observed, now)
        await together(
            self._report(key, obj, before, after),
            report_verdicts(
                self._cluster,
                self._events,
                pointing,
                done.verdicts,
                done.serving,
                done.wait,
                now,
                moments=done.error is None and not done.paused and self._just_begun(after),
            ),
        )
        self._look_at(self._gate.saw(key, after))
        if done.error is not None and not isinstance(done.error, _FINAL):
            raise done.error
        if done.provision is not None and done.provision.postponed is not None:
            raise done.provision.postponed
        if done.provision is not None and done.provision.image != done.provision.running.function:
            self._enqueue(key)
        await self._clean(obj, done, after)
        return self._next_look(after, done)

    def _leave(self, key: Key) -> None:
        """The Destination is going or gone: its children go by their owner reference, its mappings are orphans."""
        self._telemetry.gone(key)
        self._steps.forget(key)
        self._references.refer(key, ())
        self._look_at([*self._index.mappings_of(key), *self._gate.gone(key)])

    def _look_at(self, keys: Iterable[Key]) -> None:
        for key in keys:
            self._enqueue(key)

    async def _with_what_stands(self, key: Key, obj: Object, done: Pass) -> Pass:
        deployment = await standing_deployment(self._cluster, key, uid=obj["metadata"]["uid"])
        if deployment is None:
            return done
        if done.destination is not None and not done.paused:
            deployment = await scale_standing(self._cluster, deployment, done.destination)
        configuration = await standing_configuration(self._cluster, deployment)
        return replace(done, deployment=deployment, configuration=configuration)

    async def _observe(self, key: Key, obj: Object, done: Pass) -> Observation:
        before, trouble = status_of(DestinationStatus, obj), None
        if done.deployment is not None and not rolled_out(done.deployment):
            trouble = deployment_problem(done.deployment)
            if not (done.rewritten or self._just_begun(before)):  # else its Pods are about to come up
                trouble = await diagnose(self._cluster, done.deployment)
        made = done.provision
        if trouble is not None and made is not None and trouble.image == made.running.function:
            self._doubt(key, trouble.image)
        applied = problem_of(done.not_applied)
        mappings = done.configuration.mappings if done.configuration else ()
        return Observation(
            generation=obj["metadata"]["generation"],
            accepted=problem_of(done.not_accepted),
            built=problem_of(done.not_built),
            applied=applied,
            paused=done.paused,
            trouble=trouble,
            awaited=still_awaited(obj, self._now()) > 0,
            rewritten=done.rewritten,
            deployment=done.deployment,
            image=made.image if made else before.image,
            source_hash=made.source_hash if made else before.source_hash,
            runtime=made.runtime if made else before.runtime,
            rebase=rebase_of(before, done, applied or trouble),
            url=url(namespace=key.namespace, name=key.name),
            selector=pod_selector(key.name),
            sources=[mapping.spec.source.slug for mapping in mappings],
        )

    async def _report(self, key: Key, obj: Object, before: DestinationStatus, after: DestinationStatus) -> None:
        written = await write_status(self._cluster, obj, after)
        if written is not None:
            self._cluster.versions.saw("Destination", written)
            await announce_destination(self._events, obj, before=before, after=after)
        tell_stages(self._telemetry, key, before=before, after=after)

    async def _clean(self, obj: Object, done: Pass, status: DestinationStatus) -> None:
        """While a rollout goes on, or nothing is known to work, the images before may be wanted back."""
        settled = not done.paused and done.error is None and done.deployment is not None and rolled_out(done.deployment)
        if self._retention is not None and done.destination is not None and settled:
            await self._retention.clean(obj, done.destination, status)

    def _next_look(self, status: DestinationStatus, done: Pass) -> float | None:
        """Pods say nothing to the watches: while something is missing, look again, less often as time passes."""
        ready = find_condition(status.conditions, ConditionType.READY)
        if ready is None or ready.status == "True":
            return None if done.deployment is None or rolled_out(done.deployment) else _LONGEST_POLL
        return min(_LONGEST_POLL, max(_SHORTEST_POLL, self._age(ready) / 2))

    def _just_begun(self, status: DestinationStatus) -> bool:
        """Whether it stopped being Ready so shortly ago that the next look comes in a moment."""
        ready = find_condition(status.conditions, ConditionType.READY)
        return ready is not None and ready.status != "True" and self._age(ready) < _SHORTEST_POLL

    def _age(self, ready: Condition) -> float:
        return (self._now() - time_of(ready.last_transition_time)).total_seconds()
