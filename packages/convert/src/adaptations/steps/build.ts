import { type BundleDraft, type ContainerDraft, containersOf } from '../../objects/bundle-draft.ts'
import { identityVariables, numbered } from '../../objects/identity.ts'
import { type Container, type EnvironmentVariable, literal } from '../../objects/pod.ts'
import type { ServicePlan, SqlPlan } from '../../plan/plan.ts'
import { alsoWritten, loginEnvironment } from '../gates/effects/build-logins.ts'
import { SQL_SCRIPT } from './sql-script.ts'

/** The commands and variables of steps, and of one-shots that send statements. */
export function buildSteps(draft: BundleDraft): void {
  for (const { service, container } of containersOf(draft, 'program'))
    if (service.sql !== undefined) {
      Object.assign(container, sendStatements(draft, service, service.sql, container.env))
      delete container.args
    }
  for (const one of containersOf(draft, 'before')) buildStep(draft, one)
}

function buildStep(
  draft: BundleDraft,
  { plan, service, container, workload }: ContainerDraft,
): void {
  const step = service.before?.[plan.step ?? 0]
  if (step === undefined) throw new Error(`${plan.name} is not a step`)
  if ('sql' in step) {
    const small = { requests: { cpu: '5m', memory: '16Mi' } }
    Object.assign(container, sendStatements(draft, service, step.sql), { resources: small })
    return
  }
  const program = workload.containers.find(
    (other) => other.plan.phase === 'program' && other.service === service,
  )?.container
  const env = (program?.env ?? []).map((variable) => copied(draft, service, variable))
  Object.assign(container, {
    command: step.command.map((word) => numbered(service, literal(word))),
    ...(env.length > 0 && { env }),
    ...(step.image === undefined && program?.workingDir && { workingDir: program.workingDir }),
    ...(program?.securityContext && { securityContext: program.securityContext }),
  })
}

/** The variable of the program, with its value also where that is a parameter. */
function copied(
  draft: BundleDraft,
  { service }: ServicePlan,
  variable: EnvironmentVariable,
): EnvironmentVariable {
  const copy = { ...variable }
  if (variable.value !== undefined)
    alsoWritten(draft, copy, { of: service, variable: variable.name })
  return copy
}

/** What runs the script over the statements, after other variables of the container. */
function sendStatements(
  draft: BundleDraft,
  service: ServicePlan,
  { client, host, port, login, run, unless }: SqlPlan,
  others: readonly EnvironmentVariable[] = [],
): Pick<Container, 'command' | 'env'> {
  const text = (name: string, value: string): EnvironmentVariable => ({
    name,
    value: numbered(service, literal(value)),
  })
  const known = new Set(others.map(({ name }) => name))
  return {
    command: ['sh', '-c', SQL_SCRIPT, 'sql', client, host, String(port), login.id].map(literal),
    env: [
      ...others,
      ...identityVariables(service).filter(({ name }) => !known.has(name)),
      ...loginEnvironment(draft, [login]),
      'text' in run ? text('SQL_RUN', run.text) : { name: 'SQL_FILE', value: run.file },
      ...(unless === undefined ? [] : [text('SQL_UNLESS', unless)]),
    ],
  }
}
