import { spanOf } from '@landfall/diagnostic'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import type { FileMount, SqlPlan, StepPlan } from '../../plan/plan.ts'
import type { BeforeStep, SqlOneShot } from '../../settings/landfall-file.ts'
import { observeEffect } from '../gates/effects/observe.ts'
import { clientImage } from '../gates/groups.ts'

/** Where the file of a one-shot with statements is mounted. */
const SQL_DIRECTORY = '/landfall/sql'

/** Decides what runs before a program, and what a one-shot sends to a database. */
export function planSteps(conversion: Conversion, service: ServiceConversion): void {
  const { plan, settings } = service
  if (settings.sql !== undefined) {
    const sql = sqlOf(conversion, service, settings.sql, ['sql'], 'SQL')
    if (sql !== undefined) {
      plan.sql = sql
      plan.image = sql.image
    }
  }
  const steps = (settings.before ?? []).flatMap((step, index): StepPlan[] => {
    const found = stepOf(conversion, service, step, index)
    return found === undefined ? [] : [found]
  })
  if (steps.length === 0) return
  plan.before = steps
  if (plan.pod !== undefined || plan.oncePerPod !== undefined)
    reportStep(
      conversion,
      service,
      ['before'],
      `${service.service} runs in the pod of ${plan.pod}`,
      {
        hint: `declare the steps at services.${plan.pod}.before`,
      },
    )
}

function stepOf(
  conversion: Conversion,
  service: ServiceConversion,
  { command, image, sql }: BeforeStep,
  index: number,
): StepPlan | undefined {
  const at = ['before', index]
  const hint = 'write { command: [bin/prepare.sh] } or { sql: { to: db, run: "INSERT …" } }'
  if ((command === undefined) === (sql === undefined)) {
    reportStep(conversion, service, at, 'a step has either command or sql', { hint })
    return undefined
  }
  if (command !== undefined) {
    if (command.length > 0) return { command, ...(image !== undefined && { image }) }
    reportStep(conversion, service, [...at, 'command'], 'the command is empty', { hint })
    return undefined
  }
  const found = sqlOf(conversion, service, sql ?? {}, [...at, 'sql'], `SQL_${index + 1}`)
  return found && { sql: found }
}

function sqlOf(
  conversion: Conversion,
  service: ServiceConversion,
  { to, run, file, unless, ...login }: SqlOneShot,
  at: readonly (string | number)[],
  id: string,
): SqlPlan | undefined {
  const wrong = (message: string, hint: string): undefined =>
    reportStep(conversion, service, at, message, { hint })
  const form = 'sql: { to: db, run: "INSERT …;", unless: SELECT … }'
  if (to === undefined) return wrong('sql has no to', `write ${form}`)
  if ((run === undefined) === (file === undefined))
    return wrong('sql has either run or file', `write ${form}`)
  const observed = observeEffect(conversion, { sql: { to, query: 'SELECT 1', ...login } }, id)
  if ('impossible' in observed) return wrong(observed.impossible, observed.hint)
  const { wait } = observed
  if (wait.kind !== 'rows' || observed.login === undefined)
    throw new Error('statements are sent by a client with a login')
  const target = `${SQL_DIRECTORY}/statements.sql`
  if (file !== undefined && !service.plan.files.some((mount) => isFileAt(mount, target)))
    return wrong(
      `the file ${file} does not exist`,
      'use a path relative to landfall.yaml: ./schema.sql',
    )
  return {
    client: wait.client,
    host: wait.host,
    port: wait.port,
    image: clientImage(observed, conversion.plan),
    login: observed.login,
    run: file === undefined ? { text: run ?? '' } : { file: target },
    ...(unless !== undefined && { unless }),
  }
}

function isFileAt({ target, tree, files }: FileMount, path: string): boolean {
  return target === path && !tree && files.length > 0
}

function reportStep(
  conversion: Conversion,
  service: ServiceConversion,
  keys: readonly (string | number)[],
  message: string,
  { hint }: { hint: string },
): undefined {
  const path = service.at(...keys)
  const at = spanOf(conversion.settingsOrigins, path)
  conversion.report({
    code: 'convert/wrong-step',
    severity: 'error',
    message: `${service.service}: ${message}`,
    path,
    hint,
    ...(at === undefined ? {} : { at }),
  })
}
