import { isIPv4 } from 'node:net'
import { relative } from 'node:path/posix'
import { spanOf, toPointer } from '@landfall/diagnostic'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { fogflowPart } from '../../facts/images/fogflow.ts'
import { extraHostsOf } from '../../facts/names/extra-hosts.ts'
import { placeText } from '../../facts/names/place.ts'
import { type DialText, dialTexts } from '../../facts/names/texts.ts'
import { reason } from './reasons.ts'

/** What Compose calls the machine that it runs on; landfall.yaml says which one that is for pods. */
export const GATEWAY = 'host-gateway'

/** Names that Docker gives to the machine on which it runs. */
const MACHINE = /(?<![\w.-])(?:host|gateway)\.docker\.internal(?![\w-]|\.\w)/gi

interface Mention {
  service: ServiceConversion
  name: string
  text: DialText
}

/** Where the texts of a service name the machine that runs Docker, and nothing says which address that is. */
function mentionsOf(service: ServiceConversion): Mention[] {
  const known = new Set(extraHostsOf(service.compose).map(({ name }) => name.toLowerCase()))
  return dialTexts(service).flatMap((text) => {
    const found = [...text.text.matchAll(MACHINE)].map(([name]) => name.toLowerCase())
    return [...new Set(found)]
      .filter((name) => !known.has(name))
      .map((name) => ({ service, name, text }))
  })
}

/** The names of the machine that runs Docker which a pod needs beside its `extra_hosts`, sorted. */
export function machineNames(service: ServiceConversion): string[] {
  return [...new Set(mentionsOf(service).map(({ name }) => name))].sort()
}

/**
 * Notes where `hostGateway` answers for these names, and reports them where it is not set: a file once for all who mount it. A name that
 * an `extra_hosts` asks for is reported there, with the same advice.
 */
export function planMachineNames(conversion: Conversion): void {
  const { settings, ledger, services } = conversion
  const byPlace = new Map<string, Mention[]>()
  for (const mention of services.flatMap(mentionsOf)) {
    const { service, name, text } = mention
    if (settings.hostGateway !== undefined)
      ledger.amend(text.pointer, reason('host-gateway', { name, address: settings.hostGateway }))
    else {
      const key = `${name} ${text.source ?? `${service.service} ${placeText(text.place)}`}`
      byPlace.set(key, [...(byPlace.get(key) ?? []), mention])
    }
  }
  const dropped = new Set(
    services.flatMap(({ compose }) =>
      extraHostsOf(compose).flatMap(({ name, address }) =>
        address === GATEWAY ? [name.toLowerCase()] : [],
      ),
    ),
  )
  for (const mentions of byPlace.values())
    if (!dropped.has(mentions[0]?.name ?? ''))
      reportMentions(conversion, mentions, 'references', 'the host of Docker')
  for (const mentions of announcements(services).values())
    reportMentions(conversion, mentions, 'announces', 'the address of a machine')
}

/** The address that FogFlow's programs give to each other: that of the machine on which the project ran. By file. */
function announcements(services: readonly ServiceConversion[]): Map<string, Mention[]> {
  const byFile = new Map<string, Mention[]>()
  for (const service of services.filter(({ compose }) => fogflowPart(compose.image) !== undefined))
    for (const text of dialTexts(service)) {
      const name = announcedIn(text)
      if (text.source === undefined || name === undefined) continue
      byFile.set(text.source, [...(byFile.get(text.source) ?? []), { service, name, text }])
    }
  return byFile
}

function announcedIn({ text }: DialText): string | undefined {
  const [, name = ''] = /"my_hostip"\s*:\s*"([^"]*)"/.exec(text) ?? []
  return isIPv4(name) && !name.startsWith('127.') ? name : undefined
}

function reportMentions(
  { report, origins, projectDirectory }: Conversion,
  all: Mention[],
  verb: string,
  what: string,
): void {
  const [{ service, name, text }, ...others] = all as [Mention, ...Mention[]]
  const services = [...new Set(all.map((one) => one.service.service))].join(', ')
  const file = text.source === undefined ? undefined : relative(projectDirectory, text.source)
  const place =
    file === undefined
      ? `${placeText(text.place)} of ${service.service}`
      : `${file} (mounted by ${services})`
  const related = others.flatMap((one) => {
    const at = spanOf(origins, one.text.pointer)
    return at === undefined ? [] : [{ message: 'also mounted here', at }]
  })
  report({
    code: 'convert/host-address',
    severity: 'warning',
    message: `${place} ${verb} ${name}, ${what}, which a pod does not have`,
    path: text.pointer,
    ...(related.length === 0 ? {} : { related }),
    hint: `set the address of that host in landfall.yaml: hostGateway: 10.0.0.5; or declare what runs there under external${file === undefined ? '' : `, or set another value in the file: ${editOf(file, text.text, name)}`}`,
  })
}

/** What landfall.yaml says to replace a name in a file: by the address of the pod's node where the key is known, which it is in JSON. */
function editOf(file: string, text: string, name: string): string {
  const [pointer] = pointersTo(name, text)
  const path = file.startsWith('../') ? file : `./${file}`
  const set = pointer === undefined ? '/KEY: VALUE' : `${pointer}: { pod: nodeAddress }`
  return `files: { ${path}: { set: { ${set} } } }`
}

/** Where JSON has a text that contains a name; nothing for other formats. */
function pointersTo(name: string, text: string): string[] {
  const found: string[] = []
  const visit = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'string' && value.toLowerCase().includes(name)) found.push(toPointer(path))
    if (typeof value === 'object' && value !== null)
      for (const [key, child] of Object.entries(value)) visit(child, [...path, key])
  }
  try {
    visit(JSON.parse(text), [])
  } catch {
    return []
  }
  return found
}
