import { notSupported, SqlFault } from '../parser/sql-fault.ts';
import type { Expression, FunctionCall } from '../parser/syntax.ts';
import type { Scope, Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { binaryOperation, compared, unaryOperation } from '../types/operators.ts';
import { translateLiteral } from '../types/typed-sql.ts';
import { isAggregate, translateAggregate } from './aggregates.ts';
import { builtInFunctions } from './built-in-functions.ts';
import { callBuiltIn, choice } from './built-in.ts';
import { atTimeZone, translateDatePart } from './date-parts.ts';
import { translateCondition } from './translate-condition.ts';
import { isWindowFunction, translateWindowFunction } from './window-functions.ts';

/** A value with its type. Throws what SQL Server finds when it compiles; run-time errors come from PostgreSQL. */
export function translateExpression(expression: Expression, scope: Scope): Typed {
  const known = scope.known(expression);
  if (known) return known;
  const value = (part: Expression): Typed => translateExpression(part, scope);
  switch (expression.kind) {
    case 'literal':
      return translateLiteral(expression);
    case 'column':
      return scope.column(expression);
    case 'variable':
      return scope.variable(expression);
    case 'systemVariable': {
      const found = scope.sessionValue(expression, () => []);
      if (found) return found;
      throw new SqlFault(137, 15, `Must declare the scalar variable "${expression.name}".`, 0, 2);
    }
    case 'unary':
      return unaryOperation(expression.operator, value(expression.operand));
    case 'binary':
      return binaryOperation(expression.operator, value(expression.left), value(expression.right));
    case 'iif': {
      const condition = translateCondition(expression.condition, scope);
      return choice([condition], [value(expression.whenTrue)], value(expression.whenFalse));
    }
    case 'caseWhen': {
      const conditions = expression.branches.map(({ when }) => translateCondition(when, scope));
      const results = expression.branches.map(({ result }) => value(result));
      return choice(conditions, results, expression.otherwise && value(expression.otherwise));
    }
    case 'case': {
      const operand = value(expression.operand);
      const conditions = expression.branches.map(({ when }) => compared('=', operand, value(when)));
      const results = expression.branches.map(({ result }) => value(result));
      return choice(conditions, results, expression.otherwise && value(expression.otherwise));
    }
    case 'call':
      return translateCall(expression, scope);
    case 'datePart':
      return translateDatePart(expression, expression.arguments.map(value));
    case 'conversion': {
      const style = expression.style && value(expression.style);
      if (style && (style.constant === undefined || style.type.name !== 'int'))
        throw notSupported('a style of CONVERT that is not a number', expression.line);
      const mode = expression.try ? 'try' : 'explicit';
      return convertTo(value(expression.operand), expression.type, mode, style && Number(style.constant));
    }
    case 'atTimeZone':
      return atTimeZone(value(expression.operand), value(expression.zone));
    case 'subquery': {
      const { sql, column } = scope.query(expression.query, 'scalar');
      if (!column) throw notSupported('a query without columns');
      const { untypedNull } = column;
      return { sql: `(${sql})`, type: column.type, nullable: true, ...(untypedNull && { untypedNull }) };
    }
  }
}

function translateCall(call: FunctionCall, scope: Scope): Typed {
  const { name, line } = call;
  if (isWindowFunction(name)) return translateWindowFunction(call, scope);
  if (isAggregate(name)) return translateAggregate(call, scope);
  if (call.star) throw new SqlFault(102, 15, "Incorrect syntax near '*'.", line);
  const builtIn = builtInFunctions[name];
  const values = (): Typed[] => call.arguments.map((value) => translateExpression(value, scope));
  const found = builtIn ?? scope.sessionValue(call, values);
  if (!found)
    throw new SqlFault(195, 15, `'${call.written}' is not a recognized built-in function name.`, line, 10);
  if (call.over || call.withinGroup || call.distinct) {
    const message = `The function '${name}' is not a valid windowing function, and cannot be used with the OVER clause.`;
    throw new SqlFault(10753, 15, message, line);
  }
  return 'build' in found ? callBuiltIn(found, call, values()) : found;
}
