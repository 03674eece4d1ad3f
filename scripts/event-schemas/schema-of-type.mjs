import ts from 'typescript';

/** Words in a name that speak of money, unless the name ends in a word of {@link COUNTING_WORDS}. */
const MONEY_WORDS = new Set(
  'amount amounts balance billed contracted cost costs credit credits debit debits discount due effective fee list money net price prices rounding total totals'.split(
    ' ',
  ),
);
const COUNTING_WORDS = new Set('bytes count counts days id index lines number position rows version'.split(' '));

/** Keywords that bind values of one JSON type only, so that `null` can be allowed beside them. */
const mayBeNullBeside = (schema) => typeof schema.type === 'string' && schema.const === undefined && schema.enum === undefined;

/**
 * @typedef {object} Place where in an event a type stands
 * @property {string} path such as `report.totals[].amount`, for complaints
 * @property {string} name of the innermost field
 */

/**
 * Makes JSON Schemas (draft 2020-12) of TypeScript types: strings, branded strings, integers, booleans, null, literals, unions,
 * arrays, tuples, records, nested interfaces and intersections, everything inline. What JSON cannot hold, or what would hold money in
 * a number, is a complaint.
 */
export class SchemaWriter {
  /** Types being written, from the outside in: one that comes up again refers to itself. */
  #open = [];

  /** @param {ts.Program} program @param {(place: Place, what: string) => void} complain */
  constructor(program, complain) {
    this.program = program;
    this.checker = program.getTypeChecker();
    this.complain = complain;
  }

  /** @param {ts.Type} type @param {Place} place @returns {object} */
  write(type, place) {
    if (this.#open.includes(type)) return this.#refuse(place, 'refers to itself; write an identity instead of the thing');
    this.#open.push(type);
    const schema = this.#structureOf(type, place);
    this.#open.pop();
    const description = this.#describe(type.aliasSymbol) || this.#describe(type.symbol);
    return description === '' || schema.description !== undefined ? schema : { description, ...schema };
  }

  /** The doc comment of something of this project, as one line; empty if there is none. */
  #describe(symbol) {
    const isOwn = symbol?.declarations?.some((declaration) => !this.#isForeign(declaration)) === true;
    return isOwn ? descriptionOf(symbol, this.checker) : '';
  }

  #isForeign(declaration) {
    const file = declaration.getSourceFile();
    return this.program.isSourceFileDefaultLibrary(file) || this.program.isSourceFileFromExternalLibrary(file);
  }

  #refuse(place, what) {
    this.complain(place, what);
    return {};
  }

  #structureOf(type, place) {
    const { flags } = type;
    if (type.isUnion() && (flags & ts.TypeFlags.Boolean) === 0) return this.#union(type.types, place);
    if (flags & ts.TypeFlags.StringLiteral) return { const: type.value };
    if (flags & ts.TypeFlags.NumberLiteral) return this.#integer(place) ?? { const: type.value };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: this.checker.typeToString(type) === 'true' };
    if (flags & ts.TypeFlags.String) return { type: 'string' };
    if (flags & ts.TypeFlags.Number) return this.#integer(place) ?? { type: 'integer' };
    if (flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (flags & ts.TypeFlags.Null) return { type: 'null' };
    if (flags & ts.TypeFlags.Undefined) return this.#refuse(place, 'may be undefined, which JSON lacks; make the field optional, or null');
    if (type.isIntersection() && type.types.some((part) => part.flags & ts.TypeFlags.String)) return this.#brandedString(type, place);
    if (this.checker.isTupleType(type)) return this.#tuple(type, place);
    if (this.checker.isArrayType(type)) {
      const [element] = this.checker.getTypeArguments(type);
      return { type: 'array', items: this.write(element, { ...place, path: `${place.path}[]` }) };
    }
    if (flags & ts.TypeFlags.Object || type.isIntersection()) return this.#object(type, place);
    return this.#refuse(place, `is of the type “${this.checker.typeToString(type)}”, which no JSON value is told by; write what it holds`);
  }

  /** A complaint if a number stands where money is meant, else undefined. */
  #integer(place) {
    const words = place.name.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/).map((word) => word.toLowerCase());
    if (COUNTING_WORDS.has(words.at(-1)) || !words.some((word) => MONEY_WORDS.has(word))) return undefined;
    return this.#refuse(
      place,
      'is a number, and its name speaks of money, which is never a number; make it a decimal string, or name it as what it counts',
    );
  }

  /** A brand's pattern is the one constant `…_PATTERN` of the file that declares the brand. */
  #brandedString(type, place) {
    const file = type.aliasSymbol?.declarations?.[0]?.getSourceFile();
    const patterns = file?.statements.filter(ts.isVariableStatement).flatMap((statement) =>
      statement.declarationList.declarations.flatMap(({ name, initializer }) => {
        const isPattern =
          name.getText(file).endsWith('_PATTERN') && initializer !== undefined && ts.isRegularExpressionLiteral(initializer);
        return isPattern ? [initializer.text] : [];
      }),
    );
    if (patterns?.length !== 1) return { type: 'string' };
    const [, source, flags] = /^\/(.*)\/([a-z]*)$/.exec(patterns[0]) ?? [];
    if (flags !== '' && flags !== 'u') {
      return this.#refuse(place, `is a string of the pattern ${patterns[0]}; JSON Schema knows no flag but u, so write it without`);
    }
    return { type: 'string', pattern: source };
  }

  #tuple(type, place) {
    if (type.target.elementFlags.some((flag) => flag !== ts.ElementFlags.Required)) {
      return this.#refuse(place, 'is a tuple with optional or repeated elements; write an array or an object');
    }
    const prefixItems = this.checker
      .getTypeArguments(type)
      .map((element, index) => this.write(element, { ...place, path: `${place.path}[${index}]` }));
    return { type: 'array', prefixItems, items: false, minItems: prefixItems.length };
  }

  #object(type, place) {
    const isClass = ((type.symbol?.flags ?? 0) & ts.SymbolFlags.Class) !== 0;
    const isInterface = ((type.symbol?.flags ?? 0) & ts.SymbolFlags.Interface) !== 0;
    if (isClass || (isInterface && type.symbol.declarations?.some((declaration) => this.#isForeign(declaration)))) {
      return this.#refuse(place, `is a ${type.symbol.name}, which JSON cannot hold; write its parts, or a string`);
    }
    if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) {
      return this.#refuse(place, 'is a function, which JSON cannot hold');
    }
    const properties = {};
    const required = [];
    for (const property of this.checker.getPropertiesOfType(type)) {
      // A brand on an object is keyed by a unique symbol and exists for the compiler alone.
      if (property.name.startsWith('__@')) continue;
      const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      properties[property.name] = this.#property(property, isOptional, place);
      if (!isOptional) required.push(property.name);
    }
    const indexes = this.checker.getIndexInfosOfType(type);
    if (indexes.some((index) => (index.keyType.flags & ts.TypeFlags.String) === 0)) {
      return this.#refuse(place, 'has keys that are not strings, which JSON cannot hold');
    }
    const [index] = indexes;
    const hasOthers = index !== undefined && (index.type.flags & ts.TypeFlags.Never) === 0;
    if (required.length === 0 && Object.keys(properties).length === 0 && index === undefined) {
      return this.#refuse(place, 'is an object of which nothing is told; write its fields, or Record<string, never> if it has none');
    }
    return {
      type: 'object',
      ...(Object.keys(properties).length > 0 ? { properties } : {}),
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: hasOthers ? this.write(index.type, { ...place, path: `${place.path}.*` }) : false,
    };
  }

  #property(property, isOptional, place) {
    const path = place.path === '' ? property.name : `${place.path}.${property.name}`;
    const declared = this.checker.getTypeOfSymbol(property);
    const type = isOptional ? this.checker.getNonNullableType(declared) : declared;
    // Null is no absence: of an optional field only undefined goes.
    const keepsNull = isOptional && declared.isUnion() && declared.types.some((part) => part.flags & ts.TypeFlags.Null);
    const inner = { path, name: property.name };
    const schema = keepsNull ? orNull(this.write(type, inner)) : this.write(type, inner);
    const description = this.#describe(property);
    return description === '' ? schema : { description, ...without(schema, 'description') };
  }

  #union(types, place) {
    const literals = types.filter((type) => type.flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.NumberLiteral));
    const booleans = types.filter((type) => type.flags & ts.TypeFlags.BooleanLiteral);
    const hasNull = types.some((type) => type.flags & ts.TypeFlags.Null);
    const others = types.filter((type) => !literals.includes(type) && !booleans.includes(type) && (type.flags & ts.TypeFlags.Null) === 0);
    const schemas = others.map((type) => this.write(type, place));
    if (literals.length > 0) {
      const values = literals.map((type) => this.#structureOf(type, place).const).sort();
      schemas.push(values.length === 1 ? { const: values[0] } : { enum: values });
    }
    if (booleans.length === 1) schemas.push(this.#structureOf(booleans[0], place));
    if (booleans.length === 2) schemas.push({ type: 'boolean' });
    if (schemas.length === 1) return hasNull ? orNull(schemas[0]) : schemas[0];
    // The compiler's order of a union's members depends on what else it has read.
    const sorted = schemas.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    return { anyOf: hasNull ? [...sorted, { type: 'null' }] : sorted };
  }
}

function orNull(schema) {
  if (mayBeNullBeside(schema)) return { ...schema, type: [schema.type, 'null'] };
  if (schema.enum !== undefined) return { ...schema, enum: [...schema.enum, null] };
  if (schema.const !== undefined) return { ...without(schema, 'const'), enum: [schema.const, null] };
  return { anyOf: [...(schema.anyOf ?? [schema]), { type: 'null' }] };
}

function without(object, name) {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}

/** @param {ts.Symbol} symbol @param {ts.TypeChecker} checker @returns {string} its doc comment as one line of plain text */
export function descriptionOf(symbol, checker) {
  return ts
    .displayPartsToString(symbol.getDocumentationComment(checker))
    .replaceAll(/\{@link\s+([^}|]+?)(?:\s*\|[^}]*)?\}/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
