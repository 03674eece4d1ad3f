import { Body, Controller, Get, HttpCode, Param, type PipeTransform, Post, Put, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { EventStore } from '#event-store';
import { CurrentActor, metadataOf, type Principal, requireAccess } from '#identity';
import { type ChangedTemplate, SiteTemplates, TEMPLATE_AREAS, type TemplateArea, TemplatePreviews, TemplateQueries } from '#site-templates';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import { invalidRequest } from '../http/request-pipes.js';
import type { Plain } from '../http/written.dto.js';
import {
  ChangedTemplateInfo,
  PreviewTemplateBody,
  RemoveTemplateBody,
  RestoreTemplateBody,
  SaveTemplateBody,
  TemplateList,
  TemplatePreviewInfo,
  TemplateText,
  TemplateTextQuery,
  TemplateVersionList,
} from './templates.dto.js';

class AreaPipe implements PipeTransform<string, TemplateArea> {
  transform(text: string): TemplateArea {
    const area = TEMPLATE_AREAS.find((one) => one === text);
    if (area === undefined) throw invalidRequest([{ where: 'area', what: `area must be ${TEMPLATE_AREAS.join(' or ')}` }]);
    return area;
  }
}

const OfArea = ApiParam({ name: 'area', enum: TEMPLATE_AREAS, enumName: 'TemplateArea' });

@ApiTags('templates')
@Controller('api/v1/templates')
export class TemplatesController {
  constructor(
    private readonly templates: SiteTemplates,
    private readonly previews: TemplatePreviews,
    private readonly queries: TemplateQueries,
    private readonly store: EventStore,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({
    operationId: 'listTemplates',
    summary: 'Templates of journals and messages, and whose text counts',
    description: 'One that is saved in the program goes before a file of ./templates, and that before a shipped one.',
  })
  @ApiOkResponse({ type: TemplateList })
  async list(): Promise<Plain<TemplateList>> {
    return { templates: await this.queries.list() };
  }

  @Post('preview')
  @HttpCode(200)
  @Access('viewer')
  @ApiOperation({
    operationId: 'previewTemplate',
    summary: 'What a template makes of a period, or of sample entries',
    description:
      'A template that fails is an answer too: with the line, what stands there, and why. Nothing is recorded. A text of one’s own is for admins.',
  })
  @ApiOkResponse({ type: TemplatePreviewInfo })
  @Fails(400, 404, 503)
  async preview(
    @Body() { area, name, text, period }: PreviewTemplateBody,
    @CurrentActor() actor: Principal,
  ): Promise<Plain<TemplatePreviewInfo>> {
    if (text !== undefined) requireAccess({ audience: 'restricted', role: 'admin' }, actor);
    return this.previews.preview(area, name, text ?? null, period ?? null);
  }

  @Get(':area/:name')
  @Access('viewer')
  @ApiOperation({ operationId: 'getTemplate', summary: 'The text of a template: as it counts, of a version, or of a file' })
  @OfArea
  @ApiOkResponse({ type: TemplateText })
  @Fails(400, 404)
  async get(
    @Param('area', AreaPipe) area: TemplateArea,
    @Param('name') name: string,
    @Query() { version, file }: TemplateTextQuery,
  ): Promise<Plain<TemplateText>> {
    const listing = await this.queries.get(area, name);
    if (version !== undefined) return { ...listing, text: await this.templates.textOf(area, name, version) };
    const { text } = await (file === undefined ? this.templates.current(area, name) : this.templates.file(area, name, file));
    return { ...listing, text };
  }

  @Get(':area/:name/versions')
  @Access('viewer')
  @ApiOperation({ operationId: 'listTemplateVersions', summary: 'Who saved or removed a template, when, and why' })
  @OfArea
  @ApiOkResponse({ type: TemplateVersionList })
  @Fails(400)
  async versions(@Param('area', AreaPipe) area: TemplateArea, @Param('name') name: string): Promise<Plain<TemplateVersionList>> {
    return { versions: await this.queries.versions(area, name) };
  }

  @Put(':area/:name')
  @Access('admin')
  @ApiOperation({
    operationId: 'saveTemplate',
    summary: 'Save a version of a template',
    description:
      'It counts from then on, also where other templates include it. One that can’t be read is refused with the line and what stands there; ' +
      'with a period also one that can’t be filled in.',
  })
  @OfArea
  @ApiOkResponse({ type: ChangedTemplateInfo })
  @Fails(400, 404, 409, 503)
  async save(
    @Param('area', AreaPipe) area: TemplateArea,
    @Param('name') name: string,
    @Body() { text, note, expectedVersion, period }: SaveTemplateBody,
    @Req() request: Request,
  ): Promise<Plain<ChangedTemplateInfo>> {
    const input = { text, note: note ?? null, seenVersion: expectedVersion, period: period ?? null };
    return this.answer(await this.templates.save(area, name, input, metadataOf(request)));
  }

  @Post(':area/:name/restore')
  @HttpCode(200)
  @Access('admin')
  @ApiOperation({ operationId: 'restoreTemplate', summary: 'Save an older version of a template once more' })
  @OfArea
  @ApiOkResponse({ type: ChangedTemplateInfo })
  @Fails(400, 404, 409, 503)
  async restore(
    @Param('area', AreaPipe) area: TemplateArea,
    @Param('name') name: string,
    @Body() { version, note, expectedVersion }: RestoreTemplateBody,
    @Req() request: Request,
  ): Promise<Plain<ChangedTemplateInfo>> {
    const input = { version, note: note ?? null, seenVersion: expectedVersion };
    return this.answer(await this.templates.restore(area, name, input, metadataOf(request)));
  }

  @Post(':area/:name/remove')
  @HttpCode(200)
  @Access('admin')
  @ApiOperation({
    operationId: 'removeTemplate',
    summary: 'Take a saved template out of use',
    description: 'The file of ./templates counts again, or the shipped one. Its versions stay, and can be restored.',
  })
  @OfArea
  @ApiOkResponse({ type: ChangedTemplateInfo })
  @Fails(400, 409)
  async remove(
    @Param('area', AreaPipe) area: TemplateArea,
    @Param('name') name: string,
    @Body() { reason, expectedVersion }: RemoveTemplateBody,
    @Req() request: Request,
  ): Promise<Plain<ChangedTemplateInfo>> {
    const input = { reason: reason ?? null, seenVersion: expectedVersion };
    return this.answer(await this.templates.remove(area, name, input, metadataOf(request)));
  }

  private async answer({ version, appended }: ChangedTemplate): Promise<Plain<ChangedTemplateInfo>> {
    const position = appended?.position ?? (await this.store.lastPosition());
    if (appended !== null) await this.readModels.settle(position);
    return { changed: appended !== null, version, position };
  }
}
