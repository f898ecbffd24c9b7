"""The dispatcher's life: puts its parts together, serves until SIGTERM, then leaves without losing a record.

Leaving: not ready any more; a short time in which every answer ends its connection; the listener closed; what runs is
finished, what waits is handed back with 503; and at last the host is hung up on, which it takes as its leave.
"""

import asyncio
import signal
import socket
from typing import Any

from xkit_operator.dispatcher.admin.health import Health
from xkit_operator.dispatcher.admin.readiness import READY, Readiness
from xkit_operator.dispatcher.admin.statusz import describe
from xkit_operator.dispatcher.configuration import read_configuration
from xkit_operator.dispatcher.dispatching.account import Witness
from xkit_operator.dispatcher.dispatching.core import Core
from xkit_operator.dispatcher.dispatching.dispatch import Dispatch
from xkit_operator.dispatcher.dispatching.dry_run import DryRun
from xkit_operator.dispatcher.dispatching.mappings import Mappings
from xkit_operator.dispatcher.executors.executor import PING_SECONDS
from xkit_operator.dispatcher.executors.listener import Listener
from xkit_operator.dispatcher.executors.pool import Pool
from xkit_operator.dispatcher.executors.reception import Reception
from xkit_operator.dispatcher.http.listening import listen
from xkit_operator.dispatcher.http.server import Server
from xkit_operator.dispatcher.queueing.queue import Queue
from xkit_operator.dispatcher.settings import Settings
from xkit_operator.dispatcher.telemetry.log import Log
from xkit_operator.dispatcher.telemetry.metrics import Metrics
from xkit_operator.dispatcher.tokens import Tokens
from xkit_operator.dispatcher.variables import Variables
from xkit_operator.errors import InvalidVariable

LAME_DUCK_SECONDS = 2.0
SPARE_SECONDS = 3.0
WATCH_SECONDS = 1.0


class Runner:
    """One dispatcher."""

    def __init__(
        self,
        settings: Settings,
        log: Log,
        *,
        witness: Witness | None = None,
        lame_duck_seconds: float = LAME_DUCK_SECONDS,
    ) -> None:
        """Raises InvalidSetting, InvalidVariable or InvalidSpec: the Pod cannot serve, and its log says why."""
        self._lame_duck_seconds = lame_duck_seconds
        self._settings = settings
        self._log = log
        self._loop = asyncio.get_running_loop()
        configuration = read_configuration(settings.config_directory)
        self._timeout = configuration.limits.timeout_seconds
        self._variables = Variables(configuration.variables, settings.variables_directory)
        metrics = Metrics()
        self._pool = Pool(timeout=self._timeout, on_available=self._executors_changed, metrics=metrics, log=log)
        self._queue = Queue(self._pool, concurrency=configuration.limits.concurrency, timeout=self._timeout)
        self._reception = Reception(
            self._pool,
            folder=settings.socket.parent,
            timeout=self._timeout,
            configuration=self._variables.read(),
            log=log,
        )
        self._listener = Listener(settings.socket, self._reception.new_link, log=log)
        mappings = Mappings(configuration)
        dispatch = Dispatch(configuration, mappings, queue=self._queue, metrics=metrics, log=log, witness=witness)
        self._tokens = Tokens(configuration.tokens, settings.tokens_directory)
        core = Core(
            dispatch,
            DryRun(mappings),
            self._queue,
            self._tokens,
            window=2 * configuration.limits.concurrency,
            is_hopeless=lambda: self._pool.is_hopeless,
        )
        self._records = Server(core.admit, log=log)
        self._configuration = configuration
        self._readiness = Readiness(self._state)
        health = Health(metrics, readiness=self._readiness, status=self._status)
        self._admin = Server(health.admit, log=log)
        metrics.watch(in_flight=lambda: self._queue.in_flight, waiting=lambda: self._queue.waiting)

    async def run(self, admin: socket.socket, records: socket.socket | None = None) -> None:
        """Serve until SIGTERM or SIGINT, then leave. `admin` and `records` are the listeners of the two ports.

        Without `records`, the port of the settings is listened on once there is somebody to take records.
        """
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, stop.set)
        await self._listener.open()
        port = await self._records.start(records or listen(self._settings.port))
        admin_port = await self._admin.start(admin)
        whose = self._configuration.destination
        self._log.info("serving", destination=f"{whose.namespace}/{whose.name}", port=port, adminPort=admin_port)
        watching = self._loop.create_task(self._watch())
        await stop.wait()
        await self._leave()
        watching.cancel()
        self._listener.close()
        self._reception.hang_up()
        await self._admin.stop(seconds=SPARE_SECONDS)
        self._log.info("ended")

    async def _leave(self) -> None:
        self._log.info("leaving", inFlight=self._queue.in_flight, waiting=self._queue.waiting)
        self._records.leave()
        await asyncio.sleep(self._lame_duck_seconds)
        self._queue.close()
        if not await self._records.stop(seconds=self._timeout + PING_SECONDS + SPARE_SECONDS):
            self._log.error("some answers could not be given", inFlight=self._queue.in_flight)

    async def _watch(self) -> None:
        """Look after what others change without a word: the kubelet variables and tokens, user code the socket."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            await self._listener.renew()
            self._tokens.refresh()
            if self._variables.have_changed():
                self._pass_on_variables()

    def _pass_on_variables(self) -> None:
        try:
            configuration = self._variables.read()
        except InvalidVariable as error:
            self._log.warning("variables are not what they should be; the old ones stay", detail=str(error))
        else:
            self._reception.configure(configuration)
            self._log.info("variables have changed")

    def _executors_changed(self) -> None:
        self._readiness.look()
        if self._pool.is_hopeless:
            self._queue.give_up()
        else:
            self._queue.pump()

    def _status(self) -> dict[str, Any]:
        return describe(
            self._configuration,
            readiness=self._state(),
            node=self._reception.node,
            executors=self._pool.describe(),
            queue=self._queue,
        )

    def _state(self) -> str:
        if self._records.is_leaving:
            return "shutting down"
        if self._pool.is_ready:
            return READY
        return f"no executor is ready; {self._reception.load_failure or 'none has loaded the functions yet'}"
