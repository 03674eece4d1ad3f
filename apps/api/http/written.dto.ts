import { Whole } from './fields.js';

/** What an answer's class describes, as a plain object: classes are for the OpenAPI document, nobody makes instances of them. */
export type Plain<Answer> = { [Field in keyof Answer]: Answer[Field] };

/** What a command leaves behind: where its last event stands in the log. Read with `?wait=<position>` to see it. */
export class Written {
  @Whole({ description: 'Position of the last event written; hand it to a read as ?wait=.' }) position!: number;
}
