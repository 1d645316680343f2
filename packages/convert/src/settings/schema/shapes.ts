import {
  type Static,
  type TObject,
  type TOptional,
  type TProperties,
  type TSchema,
  type TUnsafe,
  Type,
} from 'typebox'

/** A mapping with these keys and no others, each of which may be omitted. */
export function mapping<Keys extends TProperties>(
  description: string,
  keys: Keys,
): TObject<{ [Key in keyof Keys]: TOptional<Keys[Key]> }> {
  const optional = Object.entries(keys).map(([key, value]) => [key, Type.Optional(value)])
  return Type.Object(Object.fromEntries(optional), {
    description,
    additionalProperties: false,
  }) as never
}

/** A mapping from names to values of one kind. */
export function byName<Value extends TSchema>(
  description: string,
  value: Value,
): TUnsafe<Record<string, Static<Value>>> {
  return Type.Unsafe<Record<string, Static<Value>>>({
    description,
    type: 'object',
    additionalProperties: value,
  })
}

/** A port as a number, or as a text of this form: `53/udp`. */
export function portText(pattern: string): TUnsafe<number | string> {
  return Type.Unsafe<number | string>({
    type: ['integer', 'string'],
    minimum: 1,
    maximum: 65535,
    pattern,
  })
}

/** A time of whole seconds. */
export function duration(description: string): TUnsafe<number | string> {
  return Type.Unsafe<number | string>({
    description,
    type: ['integer', 'string'],
    minimum: 0,
    maximum: 86_400,
    pattern: '^(?=.)([0-9]+h)?([0-9]+m)?([0-9]+s)?$|^0$',
  })
}

export const portNumber = { minimum: 1, maximum: 65535 }

export const quantity = Type.Unsafe<string>({
  description: 'A Kubernetes quantity: 256Mi, 0.5, 10Gi.',
  type: ['string', 'number'],
  pattern: '^[0-9]+(\\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi)?$',
})
