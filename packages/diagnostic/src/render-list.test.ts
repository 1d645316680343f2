import { expect, test } from 'vitest'
import { type Diagnostic, renderDiagnostics } from './index.ts'

const missing = (service: string, index: number): Diagnostic => ({
  code: 'x/missing',
  severity: 'warning',
  message: `/home/me/app of ${service} does not exist`,
  path: `/services/${service}/volumes/${index}`,
  hint: 'create it',
})

const render = (...diagnostics: Diagnostic[]) =>
  renderDiagnostics(diagnostics, new Map(), {
    paint: (_, text) => text,
    shorten: (text) => text.replaceAll('/home/me/', ''),
  })

test('one line for all services that share a problem, and nothing twice', () => {
  expect(render(missing('web', 0), missing('web', 0), missing('api', 2))).toEqual([
    'warning: app of web does not exist (services.web.volumes[0]; also api) [x/missing]\n  hint: create it',
  ])
})

test('a hint comes after the last line to which it applies', () => {
  const other = { ...missing('web', 0), message: 'web is slow' }
  expect(render(missing('web', 0), other)).toEqual([
    'warning: app of web does not exist (services.web.volumes[0]) [x/missing]',
    'warning: web is slow (services.web.volumes[0]) [x/missing]\n  hint: create it',
  ])
})

test('a hint with the path of one service is not shared', () => {
  const accept = (service: string) => ({
    ...missing(service, 0),
    hint: `accept services/${service}/volumes/0`,
  })
  expect(render(accept('web'), accept('api'))).toHaveLength(2)
})

test('diagnostics that differ only in their subjects are one line', () => {
  const unset = (name: string): Diagnostic => ({
    code: 'compose/unset-variable',
    severity: 'warning',
    message: `the variable ${name} is not set; an empty string is used`,
    path: '/services/web/image',
    hint: `set ${name}`,
    many: {
      subject: name,
      message: 'the variables <all> are not set; empty strings are used',
      hint: 'set them in the environment or in the .env file, or give defaults',
    },
  })
  expect(render(unset('A'), unset('B'))).toEqual([
    'warning: the variables A, B are not set; empty strings are used [compose/unset-variable]\n  hint: set them in the environment or in the .env file, or give defaults',
  ])
})

test('a label stands for the severity, and errors with it are lines', () => {
  const drop = (service: string): Diagnostic => ({ ...missing(service, 0), severity: 'error' })
  const lines = renderDiagnostics([drop('web'), drop('api')], new Map(), {
    paint: (_, text) => text,
    label: 'dropped',
  })
  expect(lines).toEqual([
    'dropped: /home/me/app of web does not exist (services.web.volumes[0]; also api) [x/missing]\n  hint: create it',
  ])
})

test('a hint with the settings of a service is shared', () => {
  const allow = (service: string) => ({
    ...missing(service, 0),
    hint: `allow it: services.${service}.host.paths`,
  })
  expect(render(allow('web'), allow('api'))).toHaveLength(1)
})
