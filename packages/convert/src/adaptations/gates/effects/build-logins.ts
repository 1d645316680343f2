import { toPointer } from '@landfall/diagnostic'
import { loginVariable } from '@landfall/kube'
import { type BundleDraft, containersOf } from '../../../objects/bundle-draft.ts'
import { declare } from '../../../objects/parameters.ts'
import { type EnvironmentVariable, literal } from '../../../objects/pod.ts'
import type { Login, LoginValue } from '../../../plan/plan.ts'
import { pathOfVariable } from '../../environment/parameters.ts'

/** The variables of a container that logs in elsewhere. */
export function loginEnvironment(
  draft: BundleDraft,
  logins: readonly Login[],
): EnvironmentVariable[] {
  return logins.flatMap((login) =>
    (['user', 'password', 'database'] as const).flatMap((part) => {
      const value = login[part]
      if (value === undefined) return []
      const variable = { name: loginVariable(login.id, part), ...sourceOf(draft, value) }
      if ('of' in value && variable.value !== undefined) alsoWritten(draft, variable, value)
      return [variable]
    }),
  )
}

/** A copy of the value of a variable changes with it. */
export function alsoWritten(
  { parameters }: BundleDraft,
  copy: EnvironmentVariable,
  { of, variable }: { of: string; variable: string },
): void {
  const known = parameters.get(toPointer(pathOfVariable(of, variable)))
  if (known !== undefined)
    declare(parameters, { ...known, at: [{ in: copy, key: 'value', as: 'text' }] })
}

/** A variable of a service is taken from where its own container takes it. */
function sourceOf(draft: BundleDraft, value: LoginValue): Omit<EnvironmentVariable, 'name'> {
  if ('value' in value) return { value: literal(value.value) }
  if ('secret' in value)
    return { valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } }
  const { name, ...source } =
    containersOf(draft, 'program')
      .find(({ service }) => service.service === value.of)
      ?.container.env?.find(({ name }) => name === value.variable) ?? {}
  if (name === undefined) throw new Error(`${value.of} has no variable ${value.variable}`)
  return source
}
