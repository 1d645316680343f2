import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'

/** A command's options and help, and what it does. */
export type Define = (command: Command, terminal: Terminal) => void

/** The headings of the help, in their order. */
export const groups = {
  deploy: 'Deploy:',
  day: 'By day:',
  look: 'Projects:',
  cluster: 'Local cluster:',
} as const

export type Group = keyof typeof groups

/** Every command in the order of the help; its code is loaded when it is called. */
export const commands: readonly {
  name: string
  /** Heading under which the help of the program lists it. */
  group: Group
  summary: string
  load: () => Promise<{ define: Define }>
}[] = [
  {
    name: 'up',
    group: 'deploy',
    summary: 'Deploy a Compose project to Kubernetes and report whether it works',
    load: () => import('./up.ts'),
  },
  {
    name: 'status',
    group: 'day',
    summary: 'Show the state of a deployed project',
    load: () => import('./day/status.ts'),
  },
  {
    name: 'logs',
    group: 'day',
    summary: 'Print the logs of the services',
    load: () => import('./day/logs.ts'),
  },
  {
    name: 'events',
    group: 'day',
    summary: 'Show what the cluster reports about the services',
    load: () => import('./day/events.ts'),
  },
  {
    name: 'exec',
    group: 'day',
    summary: 'Run a command in a container of a service',
    load: () => import('./day/exec.ts'),
  },
  {
    name: 'port-forward',
    group: 'day',
    summary: 'Make published ports reachable on this machine',
    load: () => import('./day/port-forward.ts'),
  },
  {
    name: 'open',
    group: 'day',
    summary: 'Open a service in a browser',
    load: () => import('./day/open.ts'),
  },
  {
    name: 'restart',
    group: 'day',
    summary: 'Replace the pods of services, and of those that restart with them',
    load: () => import('./day/restart.ts'),
  },
  {
    name: 'wait',
    group: 'day',
    summary: 'Wait until services are ready',
    load: () => import('./day/wait.ts'),
  },
  {
    name: 'top',
    group: 'day',
    summary: 'Show the CPU and memory that services use',
    load: () => import('./day/top.ts'),
  },
  {
    name: 'test',
    group: 'day',
    summary: 'Run the checks of a deployed project inside the cluster',
    load: () => import('./release/test.ts'),
  },
  {
    name: 'history',
    group: 'deploy',
    summary: 'Show the revisions of a deployed project',
    load: () => import('./release/history.ts'),
  },
  {
    name: 'rollback',
    group: 'deploy',
    summary: 'Make a deployed project again what it was in an earlier revision',
    load: () => import('./release/rollback.ts'),
  },
  {
    name: 'scale',
    group: 'day',
    summary: 'Change the number of pods of services of a deployed project',
    load: () => import('./release/scale.ts'),
  },
  {
    name: 'diff',
    group: 'deploy',
    summary: 'Show what `up` or `rollback` would change, or what changed between two revisions',
    load: () => import('./release/diff.ts'),
  },
  {
    name: 'down',
    group: 'deploy',
    summary: 'Delete what `up` created; volumes are kept without --volumes',
    load: () => import('./down.ts'),
  },
  {
    name: 'check',
    group: 'look',
    summary: 'Report all problems of a project, with file, line and column',
    load: () => import('./check.ts'),
  },
  {
    name: 'config',
    group: 'look',
    summary: 'Print the resolved project, as docker compose config does',
    load: () => import('./config.ts'),
  },
  {
    name: 'init',
    group: 'look',
    summary: 'Create a landfall.yaml with the available settings as comments',
    load: () => import('./init.ts'),
  },
  {
    name: 'plan',
    group: 'look',
    summary: 'Show the decisions for each service, with reasons',
    load: () => import('./plan.ts'),
  },
  {
    name: 'lock',
    group: 'look',
    summary: 'Write the metadata of the images to landfall.lock',
    load: () => import('./lock.ts'),
  },
  {
    name: 'convert',
    group: 'look',
    summary: 'Write Kubernetes manifests',
    load: () => import('./convert.ts'),
  },
  {
    name: 'containerize',
    group: 'look',
    summary: 'Write the Dockerfile and the scripts of a service from a tarball',
    load: () => import('./containerize.ts'),
  },
  {
    name: 'explain',
    group: 'look',
    summary: 'Show the documentation of a code or reason that Landfall prints',
    load: () => import('./explain.ts'),
  },
  {
    name: 'cluster',
    group: 'cluster',
    summary: 'Start, stop and inspect a Kubernetes cluster on this machine',
    load: () => import('./cluster.ts'),
  },
  {
    name: 'completion',
    group: 'look',
    summary: 'Print the script for completion in a shell',
    load: () => import('./day/completion.ts'),
  },
]
