import { parseSeconds } from '@landfall/compose'
import { type Command, InvalidArgumentError, Option } from 'commander'

/** Which cluster is meant, and where in it. */
export interface TargetOptions {
  local?: true
  cluster?: string
  context?: string
  namespace?: string
}

/** The options that choose a cluster and a namespace. */
export function addTarget(command: Command): Command {
  const options = [
    new Option('--context <name>', 'kubeconfig context (default: the current context)'),
    new Option('-n, --namespace <name>', 'namespace (default: the project name)'),
    new Option('--site <name>', 'site of landfall.yaml: its services, cluster and namespace'),
    new Option('--local', 'use the cluster that Landfall runs on this machine'),
    new Option('--cluster <name>', 'with --local: name of the local cluster'),
  ]
  for (const option of options) command.addOption(option.helpGroup('Cluster options:'))
  return command
}

/** A whole number from 1. */
export function positiveInteger(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a positive integer.')
  return Number(text)
}

/** `90` (seconds), `90s`, `2m30s` or `1h` in milliseconds; at least one. Throws InvalidArgumentError for anything else. */
export function milliseconds(text: string): number {
  const time = Math.trunc((parseSeconds(/^[\d.]+$/.test(text) ? `${text}s` : text) ?? 0) * 1000)
  if (time < 1) throw new InvalidArgumentError('It must be a time such as 90s, 2m30s or 1h.')
  return time
}
