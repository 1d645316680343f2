#!/bin/sh
# The image begins with a program of this name; there is nothing for it to do here.
exec "$@"
