import { parseImageReference } from '@landfall/image'
import type { SqlClient } from '@landfall/kube'
import type { ServiceConversion } from '../../conversion.ts'

/** Images with the client of their database, by the last part of their names. */
const IMAGES: Readonly<Record<SqlClient, RegExp>> = {
  mysql: /^(mysql|mysql-server|mariadb|percona|percona-server)$/,
  postgres: /^(postgres|postgresql|postgis|pgvector|timescaledb|timescaledb-ha)$/,
}

const VARIABLES: Readonly<Record<SqlClient, RegExp>> = {
  mysql: /^(MYSQL|MARIADB)_(ROOT_PASSWORD|ALLOW_EMPTY(_ROOT)?_PASSWORD)/,
  postgres: /^(POSTGRES_(PASSWORD|HOST_AUTH_METHOD)|POSTGRESQL_PASSWORD)/,
}

const PORTS: Readonly<Record<SqlClient, number>> = { mysql: 3306, postgres: 5432 }

/** Which client sends queries to a service and its usual port, by its image, then by its variables; undefined if it is not known. */
export function databaseOf({
  compose,
  plan,
}: ServiceConversion): { client: SqlClient; port: number } | undefined {
  const name =
    parseImageReference(compose.image ?? plan.image)
      ?.repository.split('/')
      .at(-1) ?? ''
  const variables = Object.keys(compose.environment ?? {})
  const client =
    CLIENTS.find((one) => IMAGES[one].test(name)) ??
    CLIENTS.find((one) => variables.some((variable) => VARIABLES[one].test(variable)))
  return client === undefined ? undefined : { client, port: PORTS[client] }
}

const CLIENTS: readonly SqlClient[] = ['mysql', 'postgres']
