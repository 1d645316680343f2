import { nodeFiles } from '@landfall/compose/node'
import { environmentValues } from '@landfall/convert'
import { fromPointer } from '@landfall/diagnostic'
import type { Bundle } from '@landfall/kube'
import { type Converted, convertLoaded } from '../project/read.ts'
import type { Terminal } from '../terminal.ts'

/** A project in each environment of its landfall.yaml. */
export interface Environments {
  bundles: Map<string, Bundle>
  /** Names of those that do not convert. */
  broken: string[]
}

/** Converts a project once for each of its environments, with the image metadata that is known. */
export async function convertEnvironments(
  { loaded, images, contexts, oneShots, settingsOrigins }: Converted,
  terminal: Terminal,
): Promise<Environments> {
  const bundles = new Map<string, Bundle>()
  const broken: string[] = []
  for (const environment of namesIn(settingsOrigins)) {
    const { result } = await convertLoaded(loaded, terminal, nodeFiles(), {
      environment,
      ...(images !== undefined && { images }),
      ...(contexts !== undefined && { contexts }),
      ...(oneShots !== undefined && { oneShots }),
    })
    if (result?.bundle === undefined) broken.push(environment)
    else bundles.set(environment, result.bundle)
  }
  return { bundles, broken }
}

/** The names of environments, as their origins show. */
function namesIn(origins: Converted['settingsOrigins']): string[] {
  const names = [...(origins?.keys() ?? [])].flatMap((pointer) => {
    const [key, name, ...below] = fromPointer(pointer)
    return key === 'environments' && name !== undefined && below.length === 0 ? [name] : []
  })
  return [...new Set(names)].sort()
}

/** What to print about environments that values alone do not make. */
export function environmentLines(base: Bundle, { bundles, broken }: Environments): string[] {
  const notes = [...bundles].flatMap(([name, bundle]) => {
    const { beyond } = environmentValues(base, bundle)
    return beyond.length === 0
      ? []
      : [
          `note: values-${name}.yaml does not make all of the environment ${name}: no value sets the differences of ${shown(beyond)}`,
          `  hint: make a chart of its own with --environment ${name}`,
        ]
  })
  const errors = broken.flatMap((name) => [
    `error: there is no values-${name}.yaml, because the environment ${name} has errors`,
    `  hint: landfall check --environment ${name} shows them`,
  ])
  return [...notes, ...errors]
}

const SHOWN = 3

function shown(roles: readonly string[]): string {
  const more = roles.length - SHOWN
  return `${roles.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
