/**
 * Numbers from text and other numbers. `quiet` gives NULL instead of an error (TRY_CAST, TRY_CONVERT). Rules and error
 * numbers: "CAST and CONVERT (Transact-SQL)", "int, bigint, smallint, and tinyint (Transact-SQL)", "Database engine events and errors".
 */
export const numberConversions = `
CREATE FUNCTION tsql.text_to_int(value text, source text, target text, low numeric, high numeric, quiet boolean) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  digits text := btrim(value, ' ');
  result numeric;
BEGIN
  IF digits = '' THEN RETURN 0; END IF;
  IF digits !~ '^[+-]? *[0-9]+$' THEN
    IF target = 'bigint' THEN
      PERFORM tsql.fault(quiet, 8114, format('Error converting data type %s to bigint.', source));
    ELSE
      PERFORM tsql.fault(quiet, 245, format('Conversion failed when converting the %s value ''%s'' to data type %s.', source, value, target));
    END IF;
    RETURN NULL;
  END IF;
  result := replace(digits, ' ', '')::numeric;
  IF result BETWEEN low AND high THEN RETURN result; END IF;
  CASE target
    WHEN 'bigint' THEN PERFORM tsql.fault(quiet, 8115, 'Arithmetic overflow error converting expression to data type bigint.');
    WHEN 'int' THEN PERFORM tsql.fault(quiet, 248, format('The conversion of the %s value ''%s'' overflowed an int column.', source, value));
    ELSE PERFORM tsql.fault(quiet, 244, format('The conversion of the %s value ''%s'' overflowed an %s column.', source, value, CASE target WHEN 'tinyint' THEN 'INT1' ELSE 'INT2' END));
  END CASE;
  RETURN NULL;
END $$;

CREATE FUNCTION tsql.text_to_decimal(value text, source text, digits int, scale int, quiet boolean) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  written text := btrim(value, ' ');
  result numeric;
BEGIN
  IF written !~ '^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)$' THEN
    PERFORM tsql.fault(quiet, 8114, format('Error converting data type %s to numeric.', source));
    RETURN NULL;
  END IF;
  result := round(written::numeric, scale);
  IF abs(result) < (10 ^ (digits - scale)::numeric) THEN RETURN result; END IF;
  PERFORM tsql.fault(quiet, 8115, format('Arithmetic overflow error converting %s to data type numeric.', source));
  RETURN NULL;
END $$;

CREATE FUNCTION tsql.text_to_float(value text, source text, quiet boolean) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE written text := btrim(value, ' ');
BEGIN
  IF written = '' THEN RETURN 0; END IF;
  IF written !~* '^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[+-]?[0-9]{1,3})?$' OR abs(coalesce(substring(lower(written) from 'e(.*)$')::int, 0)) > 307 THEN
    PERFORM tsql.fault(quiet, 8114, format('Error converting data type %s to float.', source));
    RETURN NULL;
  END IF;
  RETURN written::double precision;
END $$;

CREATE FUNCTION tsql.text_to_money(value text, source text, quiet boolean) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE written text := replace(btrim(value, ' '), ',', '');
BEGIN
  IF written = '' THEN RETURN 0; END IF;
  IF written !~ '^([+-]?\\$?|\\$[+-]?)([0-9]+\\.?[0-9]*|\\.[0-9]+)$' THEN
    PERFORM tsql.fault(quiet, 235, 'Cannot convert a char value to money. The char value has incorrect syntax.');
    RETURN NULL;
  END IF;
  RETURN round(replace(written, '$', '')::numeric, 4);
END $$;

CREATE FUNCTION tsql.text_to_bit(value text, source text, quiet boolean) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE written text := lower(btrim(value, ' '));
BEGIN
  IF written = 'true' THEN RETURN true; END IF;
  IF written IN ('false', '') THEN RETURN false; END IF;
  IF written ~ '^[+-]?[0-9]+$' THEN RETURN written::numeric <> 0; END IF;
  PERFORM tsql.fault(quiet, 245, format('Conversion failed when converting the %s value ''%s'' to data type bit.', source, value));
  RETURN NULL;
END $$;

CREATE FUNCTION tsql.fit_number(value numeric, low numeric, high numeric, number int, message text, quiet boolean) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF value BETWEEN low AND high THEN RETURN value; END IF;
  PERFORM tsql.fault(quiet, number, replace(message, '%1', value::text));
  RETURN NULL;
END $$;

CREATE FUNCTION tsql.divide(dividend numeric, divisor numeric, scale int) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT round(div(dividend * (10 ^ scale::numeric), divisor) * (10 ^ (-scale)::numeric), scale)
$$;

CREATE FUNCTION tsql.float_text(value double precision, digits int) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  written text;
  exponent int;
  mantissa text;
BEGIN
  IF value = 0 THEN RETURN '0'; END IF;
  written := ltrim(to_char(value::numeric, '9.' || repeat('9', digits - 1) || 'EEEE'));
  exponent := substring(written from 'e(.*)$')::int;
  IF exponent BETWEEN -5 AND digits - 1 THEN
    mantissa := round(value::numeric, digits - 1 - exponent)::text;
    RETURN CASE WHEN mantissa LIKE '%.%' THEN rtrim(rtrim(mantissa, '0'), '.') ELSE mantissa END;
  END IF;
  mantissa := rtrim(rtrim(substring(written from '^(.*)e'), '0'), '.');
  RETURN mantissa || 'e' || CASE WHEN exponent < 0 THEN '-' ELSE '+' END || lpad(abs(exponent)::text, 3, '0');
END $$;

CREATE FUNCTION tsql.float_scientific(value double precision, digits int) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  written text := ltrim(to_char(value::numeric, '9.' || repeat('9', digits - 1) || 'EEEE'));
  exponent int := substring(written from 'e(.*)$')::int;
BEGIN
  RETURN substring(written from '^(.*)e') || 'e' || CASE WHEN exponent < 0 THEN '-' ELSE '+' END || lpad(abs(exponent)::text, 3, '0');
END $$;
`;
