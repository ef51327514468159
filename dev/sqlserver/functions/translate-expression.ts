import { SqlFault, notSupported } from '../parser/sql-fault.ts';
import type { ConversionExpression, Expression, FunctionCall, SystemVariable } from '../parser/syntax.ts';
import { isAggregate, translateAggregate } from './aggregates.ts';
import { choice } from './choices.ts';
import { compared } from '../types/compare.ts';
import type { Collation, Scope, Typed } from '../types/contract.ts';
import { sessionFunctions } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { translateDatePart } from './date-parts.ts';
import { builtInFunctions } from './functions.ts';
import { atTimeZone } from './functions-date.ts';
import { translateLiteral } from '../types/literals.ts';
import { binaryOperation, unaryOperation } from '../types/operators.ts';
import { isText } from '../types/type-families.ts';
import { translateCondition } from './translate-condition.ts';
import { isWindowFunction, translateWindowFunction } from './window-functions.ts';

/** A value with its type. Throws what SQL Server finds when it compiles; run-time errors come from PostgreSQL. */
export function translateExpression(expression: Expression, scope: Scope): Typed {
  const known = scope.known(expression);
  if (known) return known;
  switch (expression.kind) {
    case 'literal':
      return translateLiteral(expression);
    case 'column':
      return scope.column(expression);
    case 'variable':
      return scope.variable(expression);
    case 'systemVariable':
      return translateSystemVariable(expression, scope);
    case 'unary':
      return unaryOperation(expression.operator, translateExpression(expression.operand, scope));
    case 'binary':
      return binaryOperation(
        expression.operator,
        translateExpression(expression.left, scope),
        translateExpression(expression.right, scope),
      );
    case 'case':
    case 'caseWhen':
    case 'iif':
      return translateChoice(expression, scope);
    case 'call':
      return translateCall(expression, scope);
    case 'datePart':
      return translateDatePart(
        expression,
        expression.arguments.map((value) => translateExpression(value, scope)),
      );
    case 'conversion':
      return translateConversion(expression, scope);
    case 'atTimeZone':
      return atTimeZone(
        translateExpression(expression.operand, scope),
        translateExpression(expression.zone, scope),
      );
    case 'collate':
      return translateCollate(translateExpression(expression.operand, scope), expression.collation);
    case 'subquery': {
      const { sql, column } = scope.query(expression.query, 'scalar');
      if (!column) throw notSupported('a query without columns');
      const { text: _, constant: __, ...rest } = column;
      return { ...rest, sql: `(${sql})`, nullable: true };
    }
  }
}

function translateChoice(
  expression: Extract<Expression, { kind: 'case' | 'caseWhen' | 'iif' }>,
  scope: Scope,
): Typed {
  const value = (part: Expression): Typed => translateExpression(part, scope);
  if (expression.kind === 'iif') {
    const condition = translateCondition(expression.condition, scope);
    return choice([condition], [value(expression.whenTrue)], value(expression.whenFalse));
  }
  const results = expression.branches.map((branch) => value(branch.result));
  const otherwise = expression.otherwise && value(expression.otherwise);
  if (expression.kind === 'caseWhen') {
    const conditions = expression.branches.map((branch) => translateCondition(branch.when, scope));
    return choice(conditions, results, otherwise);
  }
  const operand = value(expression.operand);
  const conditions = expression.branches.map((branch) => compared('=', operand, value(branch.when)));
  return choice(conditions, results, otherwise);
}

function translateConversion(
  { operand, type, style, try: quiet }: ConversionExpression,
  scope: Scope,
): Typed {
  const value = translateExpression(operand, scope);
  const number = style && translateExpression(style, scope);
  if (number && (number.constant === undefined || number.type.name !== 'int')) {
    throw notSupported('a style of CONVERT that is not a number');
  }
  return convertTo(value, type, quiet ? 'try' : 'explicit', number && Number(number.constant));
}

function translateCall(call: FunctionCall, scope: Scope): Typed {
  const { name, line } = call;
  if (call.schema !== undefined) throw notSupported(`the function ${call.schema}.${name}`, line);
  if (isWindowFunction(name)) return translateWindowFunction(call, scope);
  if (isAggregate(name)) return translateAggregate(call, scope);
  if (call.over || call.withinGroup || call.distinct || call.star) throw notAnAggregate(call);
  const values = call.arguments.map((value) => translateExpression(value, scope));
  if (sessionFunctions.has(name)) return scope.sessionValue(call, values);
  const builtIn = builtInFunctions.get(name);
  if (!builtIn)
    throw new SqlFault(195, 15, `'${name}' is not a recognized built-in function name.`, line, 10);
  return builtIn(values, call);
}

function notAnAggregate({ name, star, line }: FunctionCall): SqlFault {
  if (star) return new SqlFault(102, 15, "Incorrect syntax near '*'.", line);
  return new SqlFault(
    10753,
    15,
    `The function '${name}' is not a valid windowing function, and cannot be used with the OVER clause.`,
    line,
  );
}

const systemVariables: ReadonlySet<string> = new Set([
  '@@DATEFIRST',
  '@@DBTS',
  '@@ERROR',
  '@@IDENTITY',
  '@@LANGUAGE',
  '@@LOCK_TIMEOUT',
  '@@MAX_PRECISION',
  '@@MICROSOFTVERSION',
  '@@OPTIONS',
  '@@PROCID',
  '@@ROWCOUNT',
  '@@SERVERNAME',
  '@@SERVICENAME',
  '@@SPID',
  '@@TEXTSIZE',
  '@@TRANCOUNT',
  '@@VERSION',
]);

function translateSystemVariable(variable: SystemVariable, scope: Scope): Typed {
  if (systemVariables.has(variable.name)) return scope.sessionValue(variable, []);
  throw new SqlFault(137, 15, `Must declare the scalar variable "${variable.name}".`, 0, 2);
}

const collations: ReadonlyMap<string, Collation> = new Map([
  ['database_default', 'ci_as'],
  ['sql_latin1_general_cp1_ci_as', 'ci_as'],
  ['sql_latin1_general_cp1_cs_as', 'cs_as'],
  ['sql_latin1_general_cp1_ci_ai', 'ci_ai'],
  ['latin1_general_ci_as', 'ci_as'],
  ['latin1_general_cs_as', 'cs_as'],
  ['latin1_general_ci_ai', 'ci_ai'],
  ['latin1_general_bin2', 'bin2'],
  ['latin1_general_100_ci_as', 'ci_as'],
  ['latin1_general_100_cs_as', 'cs_as'],
  ['latin1_general_100_ci_ai', 'ci_ai'],
  ['latin1_general_100_bin2', 'bin2'],
  ['modern_spanish_ci_as', 'ci_as'],
  ['modern_spanish_cs_as', 'cs_as'],
  ['modern_spanish_ci_ai', 'ci_ai'],
  ['modern_spanish_bin2', 'bin2'],
]);

/** The collation that a name of SQL Server stands for; 448 for unknown ones. */
function collationNamed(name: string): Collation {
  const collation = collations.get(name.toLowerCase());
  if (collation) return collation;
  throw new SqlFault(448, 16, `Invalid collation '${name}'.`);
}

function translateCollate(value: Typed, name: string): Typed {
  const collation = collationNamed(name);
  if (!isText(value.type)) {
    throw new SqlFault(447, 16, `Expression type ${value.type.name} is invalid for COLLATE clause.`);
  }
  return { ...value, sql: `(${value.sql} COLLATE tsql.${collation})`, collation };
}
