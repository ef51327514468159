import { z } from 'zod';

/** Of JSON Schema what the document uses. */
export interface JsonSchema {
  $ref?: string | undefined;
  type?: string | string[] | undefined;
  format?: string | undefined;
  pattern?: string | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  example?: unknown;
  default?: unknown;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  items?: JsonSchema | undefined;
  properties?: Record<string, JsonSchema> | undefined;
  required?: string[] | undefined;
  anyOf?: JsonSchema[] | undefined;
  oneOf?: JsonSchema[] | undefined;
  allOf?: JsonSchema[] | undefined;
}

const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.looseObject({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: z.string().optional(),
    pattern: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    items: jsonSchema.optional(),
    properties: z.record(z.string(), jsonSchema).optional(),
    required: z.array(z.string()).optional(),
    anyOf: z.array(jsonSchema).optional(),
    oneOf: z.array(jsonSchema).optional(),
    allOf: z.array(jsonSchema).optional(),
  }),
);

const content = z.record(z.string(), z.object({ schema: jsonSchema }));
const operation = z.looseObject({
  operationId: z.string(),
  tags: z.array(z.string()).min(1),
  summary: z.string(),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean().default(false),
        schema: jsonSchema,
      }),
    )
    .default([]),
  requestBody: z.object({ required: z.boolean().default(false), content }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string(), content: content.optional() })),
});

const apiDocument = z.looseObject({
  openapi: z.literal('3.1.0'),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  paths: z.record(z.string(), z.record(z.enum(['get', 'post', 'delete']), operation.optional())),
  components: z.looseObject({ schemas: z.record(z.string(), jsonSchema) }),
});

export type ApiDocument = z.output<typeof apiDocument>;
export type Operation = z.output<typeof operation> & { path: string; method: string };

/** The document as it is served, as far as the tests read it. Throws when it lacks something of it. */
export function apiDocumentOf(served: unknown): ApiDocument {
  return apiDocument.parse(served);
}

export function operationsOf({ paths }: ApiDocument): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, given]) =>
      given === undefined ? [] : [{ ...given, path, method: method.toUpperCase() }],
    ),
  );
}

/** What a `$ref` names, with the words beside it. */
export function resolved(schema: JsonSchema, document: ApiDocument): JsonSchema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.replace('#/components/schemas/', '');
  const named = document.components.schemas[name];
  if (named === undefined) throw new Error(`The document has no ${schema.$ref}.`);
  return resolved({ ...named, ...schema, $ref: undefined }, document);
}
