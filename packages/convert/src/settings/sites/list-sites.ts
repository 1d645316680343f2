import type { FileSystem, Project } from '@landfall/compose'
import {
  type Diagnostic,
  type Origins,
  ownValue,
  recordOf,
  type Sources,
  spanOf,
  toPointer,
} from '@landfall/diagnostic'
import type { ConvertCode } from '../../codes.ts'
import { isMapping } from '../../mapping.ts'
import type { LandfallFile, SiteSettings } from '../landfall-file.ts'
import { siteKeys } from '../schema/site.ts'
import { suggestion } from '../validate.ts'
import { namesOf } from './names.ts'
import { type Path, type Report, reportInto, reportUnknownFact } from './problem.ts'
import { parseReference } from './references.ts'
import type { Fact, Site, SiteLayer, SiteReference } from './site.ts'
import type { SiteRow } from './table/row.ts'
import { readSiteTable, type SiteTable } from './table/table.ts'
import { fillSettings, fillText } from './texts.ts'

export interface ListInput {
  file: Pick<LandfallFile, 'sites' | 'siteTemplates'>
  project: Project
  /** Services of profiles that are not active. */
  inactive?: readonly string[]
  files: FileSystem
  /** Absolute. */
  projectDirectory: string
  origins: Origins
  /** The name of landfall.yaml in spans. */
  settingsName: string
  /** The site whose layers are needed: other sites then have none, so that a load of one of many sites does not take the time of all. */
  wanted?: string
}

export interface SiteList {
  sites: readonly Site[]
  diagnostics: Diagnostic<ConvertCode>[]
  /** The files of `from`. */
  sources: Sources
}

/** Every site that landfall.yaml has, in its order, patterns as one site per name. */
export function listSites(input: ListInput): SiteList {
  const diagnostics: Diagnostic<ConvertCode>[] = []
  const sources = new Map<string, string>()
  const report = reportInto(diagnostics, input.origins)
  const sites: Site[] = []
  const keys = new Map<string, string>()
  for (const [key, settings] of Object.entries(input.file.sites ?? {})) {
    const names = namesOf(key)
    if (typeof names === 'string') {
      report('convert/wrong-site', ['sites', key], `"${key}" ${names}`, 'rename it')
      continue
    }
    const table = tableOf(key, settings, input)
    if (table.source !== undefined) sources.set(...table.source)
    diagnostics.push(...table.diagnostics)
    reportRows(table, names, key, report)
    for (const { name, number } of names) {
      const other = keys.get(name)
      if (other !== undefined)
        report(
          'convert/wrong-site',
          ['sites', key],
          `the site ${name} is defined twice`,
          `it is also one of "${other}"`,
        )
      else sites.push(siteOf(name, number, key, settings, table.rows.get(name), input, report))
      keys.set(name, key)
    }
  }
  return { sites, diagnostics, sources }
}

function tableOf(key: string, { from }: SiteSettings, input: ListInput): SiteTable {
  if (from === undefined) return { rows: new Map(), diagnostics: [] }
  const path = toPointer(['sites', key, 'from'])
  const { files, projectDirectory, settingsName, origins } = input
  return readSiteTable(files, projectDirectory, from, settingsName, {
    path,
    at: spanOf(origins, path),
  })
}

function reportRows(
  { rows, source }: SiteTable,
  names: readonly { name: string }[],
  key: string,
  report: Report,
): void {
  if (source === undefined) return
  const known = new Set(names.map(({ name }) => name))
  for (const [name, { at }] of rows)
    if (!known.has(name))
      report(
        'convert/site-values',
        ['sites', key, 'from'],
        `${name} is not one of "${key}"`,
        'remove the row, or widen the range',
        { at },
      )
  const [without, ...more] = [...known].filter((name) => !rows.has(name))
  if (without !== undefined && rows.size > 0)
    report(
      'convert/site-values',
      ['sites', key, 'from'],
      `${source[0]} has no row for ${without}${more.length > 0 ? ` and ${more.length} more` : ''}`,
      'add it, or narrow the range',
    )
}

/** Columns of a row that are keys of a site. */
const COLUMNS = ['context', 'namespace', 'projectName'] as const

function siteOf(
  name: string,
  number: string | undefined,
  key: string,
  settings: SiteSettings,
  row: SiteRow | undefined,
  { file, project, wanted: only }: ListInput,
  report: Report,
): Site {
  const template = templateOf(settings, key, file, report)
  const own: SiteLayer = { at: ['sites', key], settings: settings as LandfallFile }
  const both = template === undefined ? [own] : [template, own]
  const [first = {}, second = {}] = both.map((layer) => layer.settings as SiteSettings)
  const of = <K extends keyof SiteSettings>(wanted: K) => second[wanted] ?? first[wanted]
  const merged = <T>(wanted: 'values' | 'variables' | 'images' | 'addresses') =>
    ({ ...first[wanted], ...second[wanted] }) as Record<string, T>
  const columns = row?.values ?? {}
  const location = locationOf({ ...first.location, ...second.location }, columns)
  const more = Object.entries(columns).filter(([column]) => !RESERVED.has(column))
  const values = { ...merged<Fact>('values'), ...Object.fromEntries(more) }
  const base = recordOf<Fact>([
    ...Object.entries(values),
    ['name', name],
    ...(number === undefined ? [] : [['number', number] as const]),
    ...(location === undefined
      ? []
      : Object.entries(location).map(([axis, degrees]) => [`location/${axis}`, degrees] as const)),
  ])
  const places = row?.places ?? {}
  const unknown = (fact: string, path: Path) =>
    reportUnknownFact(report, { name, facts: base, places }, fact, path)
  const textOf = (wanted: (typeof COLUMNS)[number]): string | undefined => {
    const text = columns[wanted] ?? of(wanted)
    return text === undefined
      ? undefined
      : fillText(String(text), base, (fact) => unknown(fact, ['sites', key, wanted]))
  }
  const context = textOf('context')
  const projectName = textOf('projectName') ?? project.name
  const namespace = textOf('namespace') ?? `${projectName}-${name}`
  const facts = recordOf<Fact>([
    ...Object.entries(base),
    ['namespace', namespace],
    ['project', projectName],
  ])
  const platform = of('platform')
  const filled = (record: Record<string, Fact>, wanted: string) =>
    Object.fromEntries(
      Object.entries(record).map(([one, text]) => [
        one,
        fillText(String(text), facts, (fact) => unknown(fact, ['sites', key, wanted, one])),
      ]),
    )
  return {
    name,
    key,
    ...(context !== undefined && { context }),
    namespace,
    project: projectName,
    services: servicesOf(of('services'), project),
    ...(location !== undefined && { location }),
    ...{ facts, places },
    variables: filled(merged('variables'), 'variables'),
    images: filled(merged('images'), 'images'),
    ...(platform !== undefined && { platform }),
    addresses: filled(merged('addresses'), 'addresses'),
    connectsTo: (of('connectsTo') ?? [])
      .map((text) => parseReference(text))
      .filter((one): one is SiteReference => one !== undefined),
    layers: (only === undefined || only === name ? both : []).map(({ at, settings: layer }) => ({
      at,
      settings: fillSettings(changesOf(layer as SiteSettings), facts, (fact, path) =>
        unknown(fact, [...at, ...path]),
      ),
    })),
  }
}

/** What facts are named that values may not be. */
const RESERVED: ReadonlySet<string> = new Set([...COLUMNS, 'name', 'latitude', 'longitude'])

function templateOf(
  { like }: SiteSettings,
  key: string,
  { siteTemplates = {} }: ListInput['file'],
  report: Report,
): SiteLayer | undefined {
  if (like === undefined) return undefined
  const settings = ownValue(siteTemplates, like)
  if (settings !== undefined)
    return { at: ['siteTemplates', like], settings: settings as LandfallFile }
  const known = Object.keys(siteTemplates)
  report(
    'convert/wrong-site',
    ['sites', key, 'like'],
    `there is no template "${like}"`,
    known.length === 0
      ? `define it in landfall.yaml under siteTemplates.${like}`
      : suggestion(like, known),
  )
  return undefined
}

function locationOf(
  declared: { latitude?: number; longitude?: number },
  columns: Readonly<Record<string, Fact>>,
): Site['location'] {
  const latitude = Number(columns.latitude ?? declared.latitude ?? Number.NaN)
  const longitude = Number(columns.longitude ?? declared.longitude ?? Number.NaN)
  return Number.isNaN(latitude) || Number.isNaN(longitude) ? undefined : { latitude, longitude }
}

function servicesOf(declared: SiteSettings['services'], project: Project): string[] {
  const all = Object.keys(project.services)
  if (declared === undefined) return all
  const listed = Array.isArray(declared) ? declared : Object.keys(declared)
  return all.filter((service) => listed.includes(service))
}

/** The settings of a layer without the keys that only sites have; services with settings stay. */
function changesOf({ services, ...settings }: SiteSettings): LandfallFile {
  const rest = Object.entries(settings).filter(([key]) => !Object.hasOwn(siteKeys, key))
  const mapping = isMapping(services)
    ? { services: recordOf(Object.entries(services).map(([name, one]) => [name, one ?? {}])) }
    : {}
  return { ...Object.fromEntries(rest), ...mapping } as LandfallFile
}
