import { Buffer } from 'node:buffer'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { isDialled, leadOf, replaceWords } from '../../facts/names/host-words.ts'
import { shareNetwork } from '../../facts/names/networks.ts'
import type { TextPlace } from '../../facts/names/place.ts'
import { type DialText, dialTexts } from '../../facts/names/texts.ts'
import type { Reason } from '../../ledger/reasons.ts'
import { reason } from './reasons.ts'

/** What nothing but a host is called: the machine that runs Docker, where landfall.yaml says what is behind its name. */
const ALWAYS_A_HOST = /\.docker\.internal$/i

/**
 * Puts the legal name in place of one that is not, wherever a text dials it: before a port, in a URL, after an `@`,
 * or as the value of something that is called a host. A database or a user of the same name is left alone.
 */
export function rewriteDialledNames(conversion: Conversion): void {
  const { everywhere, apart } = renames(conversion)
  for (const service of conversion.services) {
    const meant = apart.filter(
      ({ owner, beside }) => shareNetwork(service, owner) && !shareNetwork(service, beside),
    )
    const legal =
      meant.length === 0
        ? everywhere
        : new Map([...everywhere, ...meant.map(({ written, name }) => [written, name] as const)])
    if (legal.size === 0) continue
    rewriteNames(conversion, service, legal)
  }
}

/** Puts the names of `legal` in place of the written ones in all texts of one service that dial them. */
export function rewriteNames(
  conversion: Conversion,
  service: ServiceConversion,
  legal: ReadonlyMap<string, string>,
): void {
  const toReason = (changes: string) => reason('references-renamed', { changes })
  rewriteTexts(conversion, service, toReason, (text, lead, changed) =>
    text
      .split('\n')
      .map((line) =>
        replaceWords(line, lead, (written, before, after) => {
          const name = legal.get(written)
          if (name === undefined) return written
          if (!isDialled(before, after) && !ALWAYS_A_HOST.test(written)) return written
          changed.set(written, name)
          return name
        }),
      )
      .join('\n'),
  )
}

/** Changes texts of a service. What is added to `changed`, the new by the old, goes into the ledger. */
export function rewriteTexts(
  conversion: Conversion,
  service: ServiceConversion,
  toReason: (changes: string) => Reason,
  rewrite: (text: string, lead: string, changed: Map<string, string>, dialText: DialText) => string,
): void {
  let previous = ''
  for (const text of dialTexts(service)) {
    const changed = new Map<string, string>()
    const rewritten = rewrite(text.text, leadOf(text, previous), changed, text)
    previous = text.text
    if (changed.size === 0) continue
    replaceText(service, text.place, rewritten)
    const changes = [...changed].map(([before, after]) => `${before} → ${after}`).sort()
    const why = toReason(changes.join(', '))
    if (text.variable === undefined || text.ofImage) conversion.ledger.amend(text.pointer, why)
    else service.add(['environment', text.variable], why)
  }
}

/** Puts another text in the plan. */
function replaceText({ plan, image }: ServiceConversion, place: TextPlace, text: string): void {
  if (place.kind === 'file') place.file.bytes = Buffer.from(text)
  else if ('variable' in place) plan.environment[place.variable] = text
  else if ('index' in place) {
    if (place.kind === 'image-command') plan.command ??= [...(image.facts.command ?? [])]
    const words = {
      entrypoint: plan.entrypoint,
      command: plan.command,
      'image-command': plan.command,
      healthcheck: plan.healthTest,
    }[place.kind]
    if (words != null) words[place.index] = text
  }
}

/** Names that every service has to dial in another way, and those that only some networks do. */
function renames({ plan, services, serviceOf }: Conversion): {
  everywhere: Map<string, string>
  apart: { written: string; name: string; owner: ServiceConversion; beside: ServiceConversion }[]
} {
  const everywhere = new Map<string, string>()
  for (const { written, name } of plan.external) if (written !== name) everywhere.set(written, name)
  const apart = services.flatMap((owner) =>
    owner.plan.names.flatMap(({ written, name, beside }) => {
      const other = beside === undefined ? undefined : serviceOf(beside)
      if (other !== undefined) return [{ written, name, owner, beside: other }]
      if (written.toLowerCase() !== name) everywhere.set(written, name)
      return []
    }),
  )
  return { everywhere, apart }
}
