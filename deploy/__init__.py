"""Where the system runs: the topics, what each principal may do, and the servers of `jpa up`."""
