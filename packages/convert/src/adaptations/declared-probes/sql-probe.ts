import type { Conversion, ServiceConversion } from '../../conversion.ts'
import type { PlannedProbe } from '../../plan/plan.ts'
import type { Effect } from '../../settings/landfall-file.ts'
import { observeEffect } from '../gates/effects/observe.ts'

type Refusal = { message: string; hint: string }

/** The probe that sends a query to the database in the same container, with the login that its variables have. Or why there is none. */
export function sqlProbe(
  conversion: Conversion,
  service: ServiceConversion,
  sql: NonNullable<Effect['sql']>,
): PlannedProbe['action'] | Refusal {
  const observed = observeEffect(conversion, { sql }, 'LOGIN')
  if ('impossible' in observed) return { message: observed.impossible, hint: observed.hint }
  const { wait, client, login } = observed
  if (wait.kind !== 'rows' || typeof client !== 'object' || login === undefined)
    throw new Error('a query is sent by a client with a login')
  if (!('service' in client))
    return {
      message: `${wait.host} is outside of the project, and a probe runs in the service itself`,
      hint: 'use it in waitsFor, or in doneWhen of a one-shot',
    }
  if (client.service !== service.service)
    return {
      message: `${client.service} is not this service, and a probe runs in the service itself`,
      hint: `set ready or alive of ${client.service}`,
    }
  const values = [login.user, login.password, login.database]
  if (values.some((value) => value !== undefined && 'secret' in value))
    return {
      message: 'a probe has no Secret but those of the variables of its service',
      hint: 'remove user and password, or set the variable under environment',
    }
  const [user, password, database] = values.map((value) =>
    value === undefined || 'secret' in value
      ? ''
      : 'value' in value
        ? quoted(value.value)
        : `"$${value.variable}"`,
  )
  const query = quoted(wait.query)
  const send =
    wait.client === 'postgres'
      ? `PGPASSWORD=${password} PGOPTIONS='-c default_transaction_read_only=on' psql -h localhost -p ${wait.port} -U ${user} -d ${database} -XAtqw -c ${query}`
      : `client=mysql; command -v mysql >/dev/null || client=mariadb; MYSQL_PWD=${password} "$client" --no-defaults --protocol=tcp -h localhost -P ${wait.port} -u ${user} --init-command='SET SESSION TRANSACTION READ ONLY' -NBe ${query} ${database}`
  return { exec: { command: ['sh', '-c', `${send.trimEnd()} | { IFS= read -r row; }`] } }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
