import { type Diagnostic, hasErrors } from '@landfall/diagnostic'
import type { Findings } from '../display/findings.ts'
import type { ProjectOptions } from '../project/options.ts'
import type { Terminal } from '../terminal.ts'
import { placedAt } from './at-site.ts'
import { loadSitesOf } from './read-sites.ts'

/** What `check` has found. */
export interface CheckFindings extends Omit<Findings, 'shorten'> {
  /** landfall.yaml has sites. */
  hasSites: boolean
}

/**
 * The findings with what is wrong with sites, and with what `find` finds at each of them in addition; of a pattern at its first. What needs a site is not wrong
 * without one.
 */
export async function withFindingsAtSites(
  findings: CheckFindings,
  place: string | undefined,
  options: ProjectOptions,
  terminal: Terminal,
  find: (options: ProjectOptions, terminal: Terminal) => Promise<CheckFindings>,
): Promise<CheckFindings> {
  const diagnostics = findings.diagnostics.filter(({ code }) => code !== 'convert/no-site')
  const known = new Set(diagnostics.map(textOf))
  const drops = new Map(findings.drops)
  const sources = new Map(findings.sources)
  const add = (one: Diagnostic): boolean => {
    if (known.has(textOf(one))) return false
    known.add(textOf(one))
    diagnostics.push(one)
    return true
  }
  const listed = loadSitesOf(place, options, terminal)
  for (const [name, text] of listed.sources) sources.set(name, text)
  for (const one of listed.diagnostics) add(one)
  const result = { diagnostics, drops, sources, hasSites: true }
  if (hasErrors(listed.diagnostics)) return result
  const keys = new Set<string>()
  for (const site of listed.sites) {
    if (keys.has(site.key)) continue
    keys.add(site.key)
    const at = placedAt(site, options, terminal)
    const found = await find(at.options, at.terminal)
    for (const [name, text] of found.sources) sources.set(name, text)
    for (const one of found.diagnostics) {
      const drop = found.drops.get(one)
      if (add(one) && drop !== undefined) drops.set(one, drop)
    }
  }
  return result
}

function textOf({ code, message, at, path }: Diagnostic): string {
  return JSON.stringify([code, message, at, path])
}
