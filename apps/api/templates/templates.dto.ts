import type { BillingPeriod } from '#kernel';
import {
  LONGEST_TEMPLATE_NAME,
  LONGEST_TEMPLATE_NOTE,
  MOST_TEMPLATE_BYTES,
  TEMPLATE_AREAS,
  TEMPLATE_ORIGINS,
  type TemplateArea,
  type TemplateOrigin,
} from '#site-templates';
import {
  AskChoice,
  AskPeriod,
  AskText,
  AskWhole,
  Choice,
  Instant,
  ListOf,
  Money,
  Part,
  Period,
  Text,
  Texts,
  Whole,
  YesNo,
} from '../http/fields.js';
import { Written } from '../http/written.dto.js';

const MOST_VERSIONS = 2_147_483_647;
const ORIGIN = 'Saved in the program, in ./templates, or shipped.';

class TemplateListing {
  @Choice(TEMPLATE_AREAS, 'TemplateArea') area!: TemplateArea;
  @Text({ example: 'journal_gl.csv' }) name!: string;
  @Choice(TEMPLATE_ORIGINS, 'TemplateOrigin', {
    nullable: true,
    description: `Whose text counts. ${ORIGIN} Null: none; it was removed, or the configuration names one that is not there.`,
  })
  origin!: TemplateOrigin | null;
  @Choice(TEMPLATE_ORIGINS, 'TemplateOrigin', { isArray: true, description: 'Everywhere a text of that name is; the first one counts.' })
  origins!: readonly TemplateOrigin[];
  @Whole({ description: 'Raised by every change of what is saved; hand it in with the next one. 0: it was never saved.' }) version!: number;
  @Text({ nullable: true, description: 'What was said about the last change.' }) note!: string | null;
  @Text({ nullable: true, description: 'Null: it was never saved.' }) changedBy!: string | null;
  @Instant({ nullable: true }) changedAt!: Date | null;
  @Texts({ example: ['journal.template'], description: 'Settings of the configuration that name it.' }) configuredAs!: readonly string[];
}

export class TemplateList {
  @ListOf(() => TemplateListing, { description: 'By area and name.' }) templates!: readonly TemplateListing[];
}

export class TemplateTextQuery {
  @AskWhole({ required: false, min: 1, max: MOST_VERSIONS, description: 'The text of a saved version.' }) version?: number;
  @AskChoice(['folder', 'shipped'], 'TemplateFileOrigin', { required: false, description: 'The file, also if something goes before it.' })
  file?: 'folder' | 'shipped';
}

export class TemplateText extends TemplateListing {
  @Text({ description: 'As it counts, or what was asked for.' }) text!: string;
}

class TemplateVersionInfo {
  @Whole() version!: number;
  @Choice(['saved', 'removed'], 'TemplateAction') action!: 'saved' | 'removed';
  @Whole({ description: 'Of the text; 0 if the template was removed.' }) bytes!: number;
  @Text({ nullable: true }) note!: string | null;
  @Text() changedBy!: string;
  @Instant() changedAt!: Date;
}

export class TemplateVersionList {
  @ListOf(() => TemplateVersionInfo, { description: 'Newest first.' }) versions!: readonly TemplateVersionInfo[];
}

/** What was seen of a template before it is changed. */
class SeenTemplate {
  @AskWhole({
    ...{ min: 0, max: MOST_VERSIONS },
    description: 'Version of the template that was edited; 0 if it was never saved. If it is another by now, nothing is done (409).',
  })
  expectedVersion!: number;
}

export class SaveTemplateBody extends SeenTemplate {
  @AskText({ maxLength: MOST_TEMPLATE_BYTES, description: `Up to ${MOST_TEMPLATE_BYTES / 1024} KiB as UTF-8.` }) text!: string;
  @AskText({ required: false, maxLength: LONGEST_TEMPLATE_NOTE, description: 'Why, or what changed.' }) note?: string;
  @AskPeriod({ required: false, description: 'Refuse it also if it can’t be filled in for this one. Left out: it is only read.' })
  period?: BillingPeriod;
}

export class RemoveTemplateBody extends SeenTemplate {
  @AskText({ required: false, maxLength: LONGEST_TEMPLATE_NOTE }) reason?: string;
}

export class RestoreTemplateBody extends SeenTemplate {
  @AskWhole({ min: 1, max: MOST_VERSIONS, description: 'The version that is saved once more.' }) version!: number;
  @AskText({ required: false, maxLength: LONGEST_TEMPLATE_NOTE }) note?: string;
}

export class ChangedTemplateInfo extends Written {
  @YesNo({ description: 'False: it was so already, and nothing was recorded.' }) changed!: boolean;
  @Whole() version!: number;
}

export class PreviewTemplateBody {
  @AskChoice(TEMPLATE_AREAS, 'TemplateArea') area!: TemplateArea;
  @AskText({ maxLength: LONGEST_TEMPLATE_NAME }) name!: string;
  @AskText({ required: false, maxLength: MOST_TEMPLATE_BYTES, description: 'Left out: the template as it counts now. For admins.' })
  text?: string;
  @AskPeriod({ required: false, description: 'Left out: sample entries.' }) period?: BillingPeriod;
}

class TemplateFailureInfo {
  @Text({ description: 'The template itself, or one that it includes.' }) template!: string;
  @Whole({ nullable: true, description: 'From 1; null where no line is to blame.' }) line!: number | null;
  @Text({ nullable: true, description: 'What stands in that line.' }) expression!: string | null;
  @Text({ description: 'What is wrong with it.' }) reason!: string;
}

class WrittenTemplate {
  @Text() text!: string;
  @YesNo({ description: 'True: text is a page, as it is sent.' }) isHtml!: boolean;
  @YesNo({ description: 'True: text is the beginning; bytes and lineCount are of the whole.' }) isCapped!: boolean;
  @Whole() bytes!: number;
  @Whole() lineCount!: number;
}

class TemplateTrialInfo {
  @Whole({ nullable: true, description: 'Entries of the journal.' }) entryCount!: number | null;
  @Money({ nullable: true, description: 'Of the journal.' }) debits!: string | null;
  @Money({ nullable: true, description: 'Of the journal.' }) credits!: string | null;
  @Text({ nullable: true, description: 'Of the message: the first PI of the period.' }) recipient!: string | null;
  @Text({ nullable: true, description: 'Of the message.' }) subject!: string | null;
}

export class TemplatePreviewInfo {
  @Period({ nullable: true, description: 'Null: sample entries, because no period was named or nothing is billed in it.' })
  period!: BillingPeriod | null;
  @Part(() => TemplateTrialInfo) about!: TemplateTrialInfo;
  @Part(() => TemplateFailureInfo, { nullable: true, description: 'What keeps the template from being filled in.' })
  failure!: TemplateFailureInfo | null;
  @Part(() => WrittenTemplate, { nullable: true, description: 'What it wrote; null if it failed.' }) written!: WrittenTemplate | null;
}
