import { type Static, Type } from 'typebox'
import { login } from './client-effects.ts'
import { mapping } from './shapes.ts'

const query = '^[Ss][Ee][Ll][Ee][Cc][Tt] [^\\n]*[^\\n ]$'

const statements = {
  to: Type.String({
    description:
      'The service that is the database (MySQL, MariaDB, PostgreSQL), or service:port; also a server of external.',
    pattern: '^[^:/ ]+(:[0-9]+)?$',
  }),
  run: Type.String({ description: 'Statements, which end with semicolons.', pattern: '[^\\s]' }),
  unless: Type.String({
    description:
      'SELECT … in one line: if it gives a row, or no longer fails, the work is done and nothing runs. After the statements it must give a row.',
    pattern: query,
  }),
  ...login,
}

/** A one-shot that sends statements to a database. */
export const sqlOneShot = mapping(
  'The service is a one-shot that sends statements to a database, by the client of the image of the database. It need not be in the Compose file.',
  {
    ...statements,
    file: Type.String({
      description:
        'A file of the project with the statements, in place of run: ./schema.sql, or one in an archive and in archives in it: x.tar.gz!/lib/x.jar!/schema.sql. The archive is a file, or what `tarball` of a service has.',
      pattern: '^[^\\n]+$',
    }),
  },
)
export type SqlOneShot = Static<typeof sqlOneShot>

/** What runs in each pod before its program. */
export const step = mapping('One step: a command, or statements for a database.', {
  command: Type.Array(Type.String(), {
    description:
      'A command, with the variables and the files of the service; {{identity}} is the number of the copy.',
  }),
  image: Type.String({
    description: 'The image of the command; that of the service if omitted.',
    pattern: '^\\S+$',
  }),
  sql: mapping('Statements for a database; {{identity}} is the number of the copy.', statements),
})
export type BeforeStep = Static<typeof step>
