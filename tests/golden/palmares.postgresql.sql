SELECT 1, edition.year, edition.ceremony_date, edition.jury_president, edition.announced_awards, edition.prize_id, edition.id
FROM edition
WHERE edition.key = %(v0)s::VARCHAR COLLATE "C" ORDER BY edition.year DESC, edition.key DESC

SELECT prize.id, prize.name, prize.since
FROM prize
WHERE prize.id = ANY (%(keys)s::INTEGER[])

SELECT award.edition_id, count(*) AS count_1
FROM award
WHERE award.edition_id = ANY (%(keys)s::INTEGER[]) GROUP BY award.edition_id

SELECT anon_1.value, page.level, page.category_id, page.category_as_printed, page.sponsor, page.initiative_id, page.id, page.year, page.level_rank, page.key
FROM unnest(%(keys)s::INTEGER[]) AS anon_1(value) JOIN LATERAL (SELECT award.level AS level, award.category_id AS category_id, award.category_as_printed AS category_as_printed, award.sponsor AS sponsor, award.initiative_id AS initiative_id, award.id AS id, award.year AS year, award.level_rank AS level_rank, award.key AS key
FROM award
WHERE award.edition_id = anon_1.value ORDER BY award.year DESC, award.level_rank DESC, award.key DESC
 LIMIT %(size)s::INTEGER) AS page ON true ORDER BY page.year DESC, page.level_rank DESC, page.key DESC

SELECT category.id, category.slug, category.label_fr
FROM category
WHERE category.id = ANY (%(keys)s::INTEGER[])

SELECT initiative.id, initiative.slug, initiative.title, initiative.id AS id__1
FROM initiative
WHERE initiative.id = ANY (%(keys)s::INTEGER[])

SELECT metric.initiative_id, metric.name_fr, metric.value_micro, metric.unit, metric.as_of, metric.qualifier, metric.source_id
FROM metric
WHERE metric.initiative_id = ANY (%(keys)s::INTEGER[]) ORDER BY metric.initiative_id ASC, metric.key ASC

SELECT source.id, source.url
FROM source
WHERE source.id = ANY (%(keys)s::INTEGER[])

SELECT laureate.award_id, collectivity.kind, collectivity.code, collectivity.name, collectivity.population, collectivity.parent_id
FROM collectivity JOIN laureate ON laureate.collectivity_id = collectivity.id
WHERE laureate.award_id = ANY (%(keys)s::INTEGER[]) ORDER BY laureate.award_id ASC, laureate.position ASC

SELECT collectivity.id, collectivity.kind, collectivity.code, collectivity.name
FROM collectivity
WHERE collectivity.id = ANY (%(keys)s::INTEGER[])
