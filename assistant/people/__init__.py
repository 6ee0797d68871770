"""People: who may sign in, what they may do, and how a request is known to be theirs."""
