"""The audit log: who asked, changed, signed in or took records away, in a chain that shows
any change made to it afterwards."""
