"""Property tests of this folder have no deadline: a busy machine says nothing about the code."""

from hypothesis import settings

settings.register_profile("without-deadline", deadline=None)
settings.load_profile("without-deadline")
