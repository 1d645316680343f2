import { setValueAt, toPointer } from '@landfall/diagnostic'
import { type Bundle, canonicalJson, type RoleId, resolveBundle, type Switch } from '@landfall/kube'
import { addSwitch } from './add-switch.ts'

/** A project in which profiles that are not active are switches. */
export interface WithProfiles {
  bundle: Bundle
  /** Profiles that are switches, in their order. */
  offered: string[]
  /** Profiles that are not, with the objects that no switch can make as they are with the profile. */
  beyond: { profile: string; roles: RoleId[] }[]
}

/**
 * Makes switches of profiles: `profiles` has the project with each of them in addition to those that are active. With one on, the bundle resolves to
 * that of the project with the profile.
 */
export function withProfiles(base: Bundle, profiles: ReadonlyMap<string, Bundle>): WithProfiles {
  const result: WithProfiles = { bundle: base, offered: [], beyond: [] }
  for (const [profile, other] of profiles) {
    const path = ['profiles', profile]
    const description = `the services of the profile ${profile}`
    const bundle = addSwitch(result.bundle, base, other, { path, description, name: profile })
    const roles = differences(resolveBundle(bundle, switchedOn([path])), resolveBundle(other))
    if (roles.length > 0) result.beyond.push({ profile, roles })
    else {
      result.bundle = bundle
      result.offered.push(profile)
    }
  }
  return result
}

/** Objects in which the switches of profiles together do not make what the project is with all of these. */
export function togetherBeyond({ bundle, offered }: WithProfiles, all: Bundle): RoleId[] {
  const values = switchedOn(offered.map((profile) => ['profiles', profile]))
  return differences(resolveBundle(bundle, values), resolveBundle(all))
}

/** Lets one of the profiles be on at a time. */
export function oneAtATime(bundle: Bundle): Bundle {
  const names = bundle.switches.flatMap(({ path }) => (isProfile(path) ? [String(path[1])] : []))
  const isOn = { const: true }
  const pairs = names.flatMap((a, index) =>
    names.slice(index + 1).map((b) => ({ not: { properties: { [a]: isOn, [b]: isOn } } })),
  )
  const switches = bundle.switches.map(
    (one): Switch =>
      isProfile(one.path)
        ? {
            ...one,
            description: `${one.description}, which cannot be on with another one`,
            group: { allOf: pairs },
          }
        : one,
  )
  return { ...bundle, switches }
}

function isProfile([group]: readonly string[]): boolean {
  return group === 'profiles'
}

/** A values file in which switches are on. */
export function switchedOn(paths: readonly (readonly string[])[]): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const path of paths)
    for (const [index] of path.entries()) {
      const pointer = toPointer(path.slice(0, index + 1))
      if (index === path.length - 1) setValueAt(values, pointer, true)
      else if (index > 0 || !Object.hasOwn(values, String(path[0]))) setValueAt(values, pointer, {})
    }
  return values
}

type Objects = ReturnType<typeof resolveBundle>

/** The roles of objects that are not the same, sorted. */
function differences(some: Objects, others: Objects): RoleId[] {
  const roles = [...new Set([...some.keys(), ...others.keys()])].sort()
  return roles.filter(
    (role) => canonicalJson(some.get(role) ?? null) !== canonicalJson(others.get(role) ?? null),
  )
}
