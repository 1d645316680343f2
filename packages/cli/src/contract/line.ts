import {
  type TLiteral,
  type TObject,
  type TOptional,
  type TProperties,
  type TString,
  Type,
} from 'typebox'
import { API_VERSION } from './api-version.ts'

/** What every line has in addition to its own keys. */
export interface LineKeys<T extends string> {
  apiVersion: TLiteral<typeof API_VERSION>
  type: TLiteral<T>
  site: TOptional<TString>
}

/** The schema of one line of output: `type` identifies it. */
export function line<T extends string, P extends TProperties>(
  type: T,
  description: string,
  properties: P,
): TObject<LineKeys<T> & P> {
  return Type.Object(
    {
      apiVersion: Type.Literal(API_VERSION),
      type: Type.Literal(type),
      site: Type.Optional(
        Type.String({ description: 'The site of landfall.yaml that the line is about.' }),
      ),
      ...properties,
    },
    { description },
  ) as TObject<LineKeys<T> & P>
}
