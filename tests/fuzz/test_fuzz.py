"""Bad input at the runner's HTTP port, for a minute, by a fixed seed so that what fails here fails again."""

from tests.fuzz.run import fuzz


async def test_a_minute_of_bad_input_is_answered_clearly_and_harms_nobody() -> None:
    await fuzz(seed=1, seconds=60)
