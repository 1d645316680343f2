[server]
workers = 1 ; one a core
