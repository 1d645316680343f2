"""Plays the programs of FogFlow as they were measured: what they forget, and how they stay alive and deaf when RabbitMQ is gone."""
import os
import signal
import time

from common import ROLE, say
from context import broker, discovery
from orchestration import designer, master, worker

signal.signal(signal.SIGUSR1, lambda *_: os._exit(137))
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))

{'broker': broker, 'designer': designer, 'discovery': discovery, 'master': master, 'worker': worker}[ROLE]()
say(f'{ROLE} serves')
while True:
    time.sleep(3600)
