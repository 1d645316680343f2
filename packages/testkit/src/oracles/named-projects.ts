/** A project that has a name, chosen by the caller, in one place of the schema where people choose names. */
export interface NamedProject {
  /** `services.*.labels.*`, or in the form of a list `services.*.labels[]`. */
  readonly place: string
  readonly project: (name: string) => unknown
}

type Facts = ReadonlyMap<string, readonly string[]>

/**
 * One project for each mapping of the Compose schema with names that people choose (`facts` are its lines as
 * `schemaFacts` gives them), and one more where a list can replace the mapping.
 */
export function namedProjects(facts: string): NamedProject[] {
  const known: Facts = new Map(
    facts
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [place = '', forms = ''] = line.split(': ')
        return [place, forms.split('; ')] as const
      }),
  )
  const places = [...known].flatMap(([place, forms]) => [
    ...(known.has(`${place}.*`) || forms.includes('open') ? [`${place}.*`] : []),
    ...(forms.includes('x-') ? [`${place}.x-key.*`] : []),
    ...(known.has(`${place}.*`) && forms.includes('array') ? [`${place}[]`] : []),
  ])
  return places.sort().map((place) => ({
    place: place.slice(2),
    project: (name: string) => withReferences(valueFor(place, known, name), place, name),
  }))
}

/** The whole document: the value at a place, and around it what the schema needs there. */
function valueFor(place: string, facts: Facts, name: string): unknown {
  const steps = place.replace(/^\$/, '').match(/\.[^.[]+|\[\]/g) ?? []
  const build = (at: string, [step, ...rest]: readonly string[]): unknown => {
    if (step === undefined) return sample(at, facts)
    if (step === '[]') return [rest.length === 0 ? listItem(at, name) : build(`${at}[]`, rest)]
    const isName = step === '.*' && rest.length === 0
    const key = step === '.*' ? (isName ? name : 's') : step.slice(1)
    const inside = step === '.x-key' ? { [key]: Object.fromEntries([[name, 'x']]) } : undefined
    if (inside !== undefined) return { ...required(at, facts), ...inside }
    const value = build(`${at}${step}`, rest)
    return Object.fromEntries([...Object.entries(required(at, facts)), [key, value]])
  }
  return build('$', steps)
}

function listItem(at: string, name: string): string {
  if (/\.(depends_on|networks|models)$/.test(at)) return name
  return at.endsWith('extra_hosts') ? `${name}=10.0.0.1` : `${name}=1`
}

/** The keys that a mapping needs. */
function required(at: string, facts: Facts): Record<string, unknown> {
  if (at === '$.services.*') return { image: 'i' }
  const keys = (facts.get(at) ?? []).flatMap((fact) =>
    fact.startsWith('needs ') ? fact.slice('needs '.length).split(',') : [],
  )
  return Object.fromEntries(keys.map((key) => [key, sample(`${at}.${key}`, facts)]))
}

/** Texts for what has a grammar of its own. */
const TEXTS: readonly (readonly [RegExp, unknown])[] = [
  [/extra_hosts\.\*$/, '10.0.0.1'],
  [/aux_addresses\.\*$/, '10.0.0.2'],
  [/ulimits\.\*$/, 5],
  [/volumes\[\]\.type$/, 'volume'],
  [/\.test$/, 'true'],
]

function sample(at: string, facts: Facts): unknown {
  const text = TEXTS.find(([pattern]) => pattern.test(at))
  if (text !== undefined) return text[1]
  const forms = facts.get(at) ?? ['string']
  const values = forms.find((form) => form.startsWith('one of '))
  if (values !== undefined) return values.slice('one of '.length).split(',')[0]
  if (forms.includes('object') && !forms.includes('string'))
    return at === '$.services.*' || required(at, facts) !== undefined ? required(at, facts) : {}
  if (forms.includes('string')) return 'x'
  if (forms.includes('array')) return [sample(`${at}[]`, facts)]
  return forms.includes('boolean') ? true : 1
}

/** Adds what the name refers to. */
function withReferences(project: unknown, place: string, name: string): unknown {
  const section = /\.services\.\*\.(depends_on|networks|models)(\.\*|\[\])$/.exec(place)?.[1]
  const whole = project as Record<string, Record<string, unknown>>
  const add = (key: string, value: unknown) => ({
    ...whole,
    [key]: Object.fromEntries([...Object.entries(whole[key] ?? {}), [name, value]]),
  })
  if (section === 'depends_on') return add('services', { image: 'i' })
  if (section === 'networks') return add('networks', {})
  if (section === 'models') return add('models', { model: 'm' })
  return whole.services === undefined ? { ...whole, services: { s: { image: 'i' } } } : whole
}
