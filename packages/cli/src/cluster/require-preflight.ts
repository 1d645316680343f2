import { type PreflightOptions, preflight } from '@landfall/deploy'
import { CommandFailed } from '../errors.ts'

/** Throws CommandFailed that names each object that the pods need and that is missing, with the command that creates it. */
export async function requirePreflight(options: PreflightOptions): Promise<void> {
  const { missing, namespaceExists } = await preflight(options)
  if (missing.length === 0) return
  throw new CommandFailed(
    [
      ...missing.map(({ message }) => message),
      'hint: create it first, then run this again:',
      ...(namespaceExists === false ? [`  kubectl create namespace ${options.namespace}`] : []),
      ...missing.map(({ command }) => `  ${command}`),
    ].join('\n'),
  )
}
