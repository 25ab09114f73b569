"""What is here belongs to another distribution, and is no part of these tests' own modules."""

collect_ignore_glob = ["*"]
