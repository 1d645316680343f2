import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'

/** A command's options and help, and what it does. */
export type Define = (command: Command, terminal: Terminal) => void

/** Every command in the order of the help; its code is loaded when it is called. */
export const commands: readonly {
  name: string
  summary: string
  load: () => Promise<{ define: Define }>
}[] = [
  {
    name: 'up',
    summary: 'Deploy a Compose project to Kubernetes and report whether it works',
    load: () => import('./up.ts'),
  },
  {
    name: 'status',
    summary: 'Show the state of a deployed project',
    load: () => import('./status.ts'),
  },
  {
    name: 'logs',
    summary: 'Print the logs of the services',
    load: () => import('./logs.ts'),
  },
  {
    name: 'history',
    summary: 'Show the revisions of a deployed project',
    load: () => import('./release/history.ts'),
  },
  {
    name: 'rollback',
    summary: 'Make a deployed project again what it was in an earlier revision',
    load: () => import('./release/rollback.ts'),
  },
  {
    name: 'scale',
    summary: 'Change the number of pods of services of a deployed project',
    load: () => import('./release/scale.ts'),
  },
  {
    name: 'diff',
    summary: 'Show what `up` or `rollback` would change, or what changed between two revisions',
    load: () => import('./release/diff.ts'),
  },
  {
    name: 'down',
    summary: 'Delete what `up` created; volumes are kept without --volumes',
    load: () => import('./down.ts'),
  },
  {
    name: 'check',
    summary: 'Report all problems of a project, with file, line and column',
    load: () => import('./check.ts'),
  },
  {
    name: 'config',
    summary: 'Print the resolved project, as docker compose config does',
    load: () => import('./config.ts'),
  },
  {
    name: 'init',
    summary: 'Create a landfall.yaml with the available settings as comments',
    load: () => import('./init.ts'),
  },
  {
    name: 'plan',
    summary: 'Show the decisions for each service, with reasons',
    load: () => import('./plan.ts'),
  },
  {
    name: 'lock',
    summary: 'Write the metadata of the images to landfall.lock',
    load: () => import('./lock.ts'),
  },
  {
    name: 'convert',
    summary: 'Write Kubernetes manifests',
    load: () => import('./convert.ts'),
  },
  {
    name: 'explain',
    summary: 'Show the documentation of a code or reason that Landfall prints',
    load: () => import('./explain.ts'),
  },
  {
    name: 'cluster',
    summary: 'Start, stop and inspect a Kubernetes cluster on this machine',
    load: () => import('./cluster.ts'),
  },
]
