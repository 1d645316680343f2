import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'

/** A command's options and help, and what it does. */
export type Define = (command: Command, terminal: Terminal) => void

/** The headings of the help, in their order. */
export const groups = {
  deploy: 'Deploy:',
  day: 'By day:',
  look: 'Look at a project and convert it:',
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
]
