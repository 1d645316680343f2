import { Type } from 'typebox'
import { line } from './line.ts'

export const tarballLine = line('tarball', 'What a release tarball is, as far as its files show.', {
  name: Type.String({ description: 'A name for a service.' }),
  version: Type.Optional(Type.String()),
  checksum: Type.Optional(Type.String({ description: 'Of one that was downloaded.' })),
  files: Type.Integer(),
  bytes: Type.Integer({ description: 'Unpacked.' }),
  top: Type.Optional(Type.String({ description: 'The one top folder, which is left out.' })),
  scripts: Type.Array(
    Type.Object({
      path: Type.String(),
      kind: Type.Enum(['background', 'exec', 'foreground'], {
        description: 'How the script leaves its program.',
      }),
      readsTerminal: Type.Boolean({ description: 'Whether it reads from a terminal.' }),
      pidFile: Type.Optional(Type.String({ description: 'As the script writes it.' })),
    }),
    { description: 'Scripts that may start the program, the likeliest first.' },
  ),
  java: Type.Optional(Type.Object({ version: Type.Integer(), because: Type.String() })),
  programs: Type.Array(Type.String(), {
    description: 'Programs that scripts run and small images do not have.',
  }),
  packages: Type.Array(Type.String(), { description: 'The Debian packages that have them.' }),
  logsToFiles: Type.Array(Type.String(), {
    description: 'Files of settings that send its log to files and not to the console.',
  }),
  prepare: Type.Optional(
    Type.Object(
      {
        because: Type.String(),
        commands: Type.Array(Type.String()),
        start: Type.String({ description: 'The start script with its arguments after that.' }),
      },
      {
        description: 'What a known release needs before its first start, when the image is built.',
      },
    ),
  ),
  settings: Type.Array(Type.Object({ path: Type.String(), format: Type.Optional(Type.String()) }), {
    description: 'Files of settings.',
  }),
  ports: Type.Array(
    Type.Object({ port: Type.Integer(), path: Type.String(), key: Type.String() }),
    { description: 'Ports in files of settings: suggestions.' },
  ),
})
