"""Looking at Destinations in a cluster with the rights of whoever asks: `xkit status`, `xkit logs`, `xkit version`."""
