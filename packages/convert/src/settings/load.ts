import type { FileSystem, Project } from '@landfall/compose'
import {
  type Diagnostic,
  hasErrors,
  type Origin,
  type Origins,
  ownValue,
  type Sources,
  type Span,
  spanOf,
  toPointer,
  withRecords,
} from '@landfall/diagnostic'
import landfallSchema from '../../schema/landfall.schema.json' with { type: 'json' }
import type { ConvertCode } from '../codes.ts'
import { isMapping } from '../mapping.ts'
import { overlay } from './environments.ts'
import { leftOut, withoutServices } from './inactive.ts'
import { interpolateChecks, LAYERS } from './interpolate-checks.ts'
import type { LandfallFile } from './landfall-file.ts'
import type { ReadFile } from './parse-text.ts'
import { readSettingsFile } from './read-file.ts'
import { checkReferences } from './references.ts'
import {
  chooseSite,
  connectSites,
  type LoadedSite,
  type SitesResult,
  type WantedSite,
} from './sites/choose.ts'
import { type Schema, type Violation, validate } from './validate.ts'

export interface SettingsInput {
  files: FileSystem
  /** Absolute. */
  projectDirectory: string
  project: Project
  projectOrigins: Origins
  /** Services of profiles that are not active: their settings have no effect. */
  inactive?: readonly string[]
  /** Which of `environments` is wanted; none when absent. */
  environment?: string
  /** Variables of Compose, for the texts of checks. */
  variables?: Readonly<Record<string, string>>
  /** Which of `sites` is wanted; none when absent. */
  site?: WantedSite
}

export interface SettingsResult {
  settings: LandfallFile
  /** The names of its environments, in their order. */
  environments: readonly string[]
  /** Whether there are sites. */
  hasSites: boolean
  /** The wanted site, and what it needs from others. */
  site?: LoadedSite
  origins: Origins
  diagnostics: readonly Diagnostic<ConvertCode>[]
  /** The texts of `landfall.yaml` and of files of sites, by the names that spans carry. */
  sources: Sources
}

const EXTENSION = 'x-landfall'

const schema: Schema = landfallSchema

/** Reads `landfall.yaml` (or `landfall.yml`) and `x-landfall`, and checks them against the schema and the project. */
export function loadLandfallFile(input: SettingsInput): SettingsResult {
  const { project, inactive = [] } = input
  const { file, both, origins, diagnostics } = readBoth(input)
  const { environments = {}, sites, siteTemplates, ...base } = both
  if (!hasErrors(diagnostics)) {
    diagnostics.push(...checkReferences(base, project, origins))
    for (const [name, differences] of Object.entries(environments))
      diagnostics.push(
        ...checkReferences(differences, project, origins, ['environments', name], base),
      )
  }
  const result = {
    environments: Object.keys(environments),
    hasSites: Object.keys(sites ?? {}).length > 0,
    origins,
    diagnostics,
    sources: new Map(file === undefined ? [] : [[file.name, file.text]]),
  }
  if (hasErrors(diagnostics)) return { ...result, settings: withRecords(base) }
  const merged = overlay(base, environments, input.environment, origins, diagnostics)
  if (sites === undefined && input.site === undefined)
    return { ...result, settings: withRecords(leftOut(merged, inactive)) }
  const ofSites = { ...(sites && { sites }), ...(siteTemplates && { siteTemplates }) }
  const at = { ...input, file: ofSites, settingsName: file?.name ?? 'landfall.yaml' }
  const chosen = chooseSite(merged, at, origins, diagnostics)
  return {
    ...result,
    settings: withRecords(leftOut(chosen.settings, inactive)),
    ...(chosen.site && { site: chosen.site }),
    sources: new Map([...result.sources, ...chosen.sources]),
  }
}

/** The sites of a project, with what each needs from others; the settings are read as for a conversion. */
export function loadSites(input: Omit<SettingsInput, 'site'>): SitesResult {
  const { environment } = input
  const { file, both, origins, diagnostics } = readBoth(input)
  const { environments = {}, sites, siteTemplates, ...base } = both
  const sources = new Map(file === undefined ? [] : [[file.name, file.text]])
  if (hasErrors(diagnostics)) return { sites: [], diagnostics, sources }
  const merged = overlay(base, environments, environment, origins, diagnostics)
  const ofSites = { ...(sites && { sites }), ...(siteTemplates && { siteTemplates }) }
  const settingsName = file?.name ?? 'landfall.yaml'
  const all = connectSites(merged, { ...input, file: ofSites, settingsName, origins })
  return {
    sites: all.sites,
    diagnostics: [...diagnostics, ...all.diagnostics],
    sources: new Map([...sources, ...all.sources]),
  }
}

interface ReadSettings {
  file: ReadFile | undefined
  /** Those of the file and of `x-landfall`; empty if one of them has errors. */
  both: LandfallFile
  origins: Map<string, Origin[]>
  diagnostics: Diagnostic<ConvertCode>[]
}

function readBoth(input: Omit<SettingsInput, 'site'>): ReadSettings {
  const { files, projectDirectory, project, projectOrigins } = input
  const file = readSettingsFile(files, projectDirectory, projectOrigins)
  const extension = withoutEmpty(project[EXTENSION] ?? {})
  const diagnostics: Diagnostic<ConvertCode>[] = [...(file?.diagnostics ?? [])]
  const origins = new Map<string, Origin[]>()
  for (const [pointer, found] of projectOrigins)
    if (pointer.startsWith(`/${EXTENSION}`))
      origins.set(pointer.slice(EXTENSION.length + 1), [...found])
  for (const violation of validate(extension, schema))
    diagnostics.push(toDiagnostic(violation, spanOf(origins, violation.pointer)))
  const { used, ...interpolated } = interpolateChecks(file, input.variables ?? {})
  const value = withoutEmpty(interpolated.value)
  diagnostics.push(...interpolated.diagnostics)
  for (const violation of validate(value, schema))
    diagnostics.push(toDiagnostic(violation, placeOf(file, violation)))
  const both = hasErrors(diagnostics)
    ? {}
    : mergeSettings(extension, value, file, origins, diagnostics)
  for (const [pointer, span] of file?.keys ?? []) origins.set(pointer, [{ kind: 'file', span }])
  for (const [pointer, span] of file?.values ?? [])
    if (!origins.has(pointer)) origins.set(pointer, [{ kind: 'file', span }])
  for (const [pointer, names] of used)
    origins.set(pointer, [
      ...names.map((name): Origin => ({ kind: 'env', name })),
      ...(origins.get(pointer) ?? []),
    ])
  return {
    file,
    both: withoutServices(both as LandfallFile, input.inactive ?? []),
    origins,
    diagnostics,
  }
}

/** Settings without sections that have no value, whose lines are all comments: `services:`, `web:`. */
function withoutEmpty(settings: unknown): unknown {
  const filled = (value: unknown): unknown =>
    isMapping(value)
      ? Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null))
      : value
  const sections = filled(settings)
  if (!isMapping(sections)) return sections
  return Object.fromEntries(
    Object.entries(sections).map(([key, value]) => {
      if (key === 'services') return [key, filled(value)]
      if (!LAYERS.has(key) || !isMapping(value)) return [key, value]
      const settingsOf = key === 'environments' ? withoutEmpty : withServices
      return [
        key,
        Object.fromEntries(
          Object.entries(value).map(([name, one]) => [name, settingsOf(one ?? {})]),
        ),
      ]
    }),
  )
}

/** A site without keys that have no value; a service without settings is one of the site. */
function withServices(site: unknown): unknown {
  if (!isMapping(site) || !isMapping(site.services)) return withoutEmpty(site)
  const services = Object.entries(site.services).map(([name, one]) => [name, one ?? {}])
  return withoutEmpty({ ...site, services: Object.fromEntries(services) })
}

function placeOf(file: ReadFile | undefined, { pointer, key }: Violation): Span | undefined {
  return (key ? file?.keys : file?.values)?.get(pointer) ?? file?.keys.get(pointer)
}

function toDiagnostic(
  { code, message, pointer, hint }: Violation,
  at: Span | undefined,
): Diagnostic<ConvertCode> {
  return {
    code: `convert/${code}` satisfies ConvertCode,
    severity: 'error',
    message,
    path: pointer,
    ...(at === undefined ? {} : { at }),
    ...(hint === undefined ? {} : { hint }),
  }
}

/** Both sets of keys as one; a key with a value in both is an error. */
function mergeSettings(
  extension: unknown,
  value: unknown,
  file: ReadFile | undefined,
  origins: Origins,
  diagnostics: Diagnostic<ConvertCode>[],
): unknown {
  const merge = (a: unknown, b: unknown, path: string[]): unknown => {
    if (a === undefined) return b
    if (b === undefined) return a
    if (isMapping(a) && isMapping(b)) {
      const keys = new Set([...Object.keys(a), ...Object.keys(b)])
      return Object.fromEntries(
        [...keys].map((key) => [key, merge(ownValue(a, key), ownValue(b, key), [...path, key])]),
      )
    }
    const pointer = toPointer(path)
    const at = file?.keys.get(pointer)
    const other = spanOf(origins, pointer)
    diagnostics.push({
      code: 'convert/set-twice',
      severity: 'error',
      message: `${path.at(-1)} is set in ${file?.name} and under ${EXTENSION}`,
      path: pointer,
      ...(at === undefined ? {} : { at }),
      ...(other === undefined ? {} : { related: [{ message: 'also set here', at: other }] }),
      hint: 'keep one of them',
    })
    return b
  }
  return merge(extension, value, [])
}
