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
    summary: 'Start a Compose project on Kubernetes and say whether it works',
    load: () => import('./up.ts'),
  },
  {
    name: 'status',
    summary: 'Show what runs, and what waits for what',
    load: () => import('./status.ts'),
  },
  {
    name: 'logs',
    summary: 'Show what the services print',
    load: () => import('./logs.ts'),
  },
  {
    name: 'down',
    summary: 'Remove everything that `up` made; volumes are kept unless told otherwise',
    load: () => import('./down.ts'),
  },
  {
    name: 'check',
    summary: 'Tell everything that is wrong with a project, and where',
    load: () => import('./check.ts'),
  },
  {
    name: 'config',
    summary: 'Print the project as Docker Compose reads it',
    load: () => import('./config.ts'),
  },
  {
    name: 'init',
    summary: 'Write a first landfall.yaml with what can be chosen',
    load: () => import('./init.ts'),
  },
  {
    name: 'plan',
    summary: 'Show what is decided for each service, and why',
    load: () => import('./plan.ts'),
  },
  {
    name: 'lock',
    summary: 'Read what images say of themselves into landfall.lock',
    load: () => import('./lock.ts'),
  },
  {
    name: 'convert',
    summary: 'Write plain Kubernetes manifests',
    load: () => import('./convert.ts'),
  },
  {
    name: 'explain',
    summary: 'Show the page that documents something Landfall prints',
    load: () => import('./explain.ts'),
  },
  {
    name: 'cluster',
    summary: 'Start, stop and look at the Kubernetes on this machine',
    load: () => import('./cluster.ts'),
  },
]
