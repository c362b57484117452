"""The web harvester: addresses, pace, robots, fetching, discovery, crawling and the archive of what was answered."""
