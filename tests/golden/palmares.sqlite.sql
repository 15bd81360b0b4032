SELECT 1, edition.year, edition.ceremony_date, edition.jury_president, edition.announced_awards, edition.prize_id, edition.id
FROM edition
WHERE edition."key" = ? ORDER BY edition.year DESC, edition."key" DESC

SELECT prize.id, prize.name, prize.since
FROM prize
WHERE prize.id IN (SELECT value FROM json_each(?))

SELECT award.edition_id, count(*) AS count_1
FROM award
WHERE award.edition_id IN (SELECT value FROM json_each(?)) GROUP BY award.edition_id

SELECT keys.value, page.level, page.category_id, page.category_as_printed, page.sponsor, page.initiative_id, page.id, page.year, page.level_rank, page."key"
FROM json_each(?) AS keys JOIN award AS page ON page.id IN (SELECT award.id
FROM award
WHERE award.edition_id = keys.value ORDER BY award.year DESC, award.level_rank DESC, award."key" DESC
 LIMIT ? OFFSET ?) ORDER BY page.year DESC, page.level_rank DESC, page."key" DESC

SELECT category.id, category.slug, category.label_fr
FROM category
WHERE category.id IN (SELECT value FROM json_each(?))

SELECT initiative.id, initiative.slug, initiative.title, initiative.id AS id__1
FROM initiative
WHERE initiative.id IN (SELECT value FROM json_each(?))

SELECT metric.initiative_id, metric.name_fr, metric.value_micro, metric.unit, metric.as_of, metric.qualifier, metric.source_id
FROM metric
WHERE metric.initiative_id IN (SELECT value FROM json_each(?)) ORDER BY metric.initiative_id ASC, metric."key" ASC

SELECT source.id, source.url
FROM source
WHERE source.id IN (SELECT value FROM json_each(?))

SELECT laureate.award_id, collectivity.kind, collectivity.code, collectivity.name, collectivity.population, collectivity.parent_id
FROM collectivity JOIN laureate ON laureate.collectivity_id = collectivity.id
WHERE laureate.award_id IN (SELECT value FROM json_each(?)) ORDER BY laureate.award_id ASC, laureate.position ASC

SELECT collectivity.id, collectivity.kind, collectivity.code, collectivity.name
FROM collectivity
WHERE collectivity.id IN (SELECT value FROM json_each(?))
