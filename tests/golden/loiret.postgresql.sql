SELECT 1, collectivity.uid, collectivity.name, collectivity.kind, collectivity.parent_id, collectivity.id
FROM collectivity
WHERE collectivity.kind = %(v0)s::VARCHAR COLLATE "C" AND collectivity.code = %(v1)s::VARCHAR COLLATE "C" ORDER BY collectivity.kind ASC, collectivity.code ASC

SELECT collectivity.id, collectivity.name
FROM collectivity
WHERE collectivity.id = ANY (%(keys)s::INTEGER[])

SELECT laureate.collectivity_id, count(*) AS count_1
FROM award JOIN laureate ON laureate.award_id = award.id
WHERE laureate.collectivity_id = ANY (%(keys)s::INTEGER[]) GROUP BY laureate.collectivity_id

SELECT anon_1.value, page.edition_id, page.level, page.initiative_id, page.year, page.level_rank, page.key
FROM unnest(%(keys)s::INTEGER[]) AS anon_1(value) JOIN LATERAL (SELECT award.edition_id AS edition_id, award.level AS level, award.initiative_id AS initiative_id, award.year AS year, award.level_rank AS level_rank, award.key AS key
FROM award JOIN laureate ON laureate.award_id = award.id
WHERE laureate.collectivity_id = anon_1.value ORDER BY award.year DESC, award.level_rank DESC, award.key DESC
 LIMIT %(size)s::INTEGER) AS page ON true ORDER BY page.year DESC, page.level_rank DESC, page.key DESC

SELECT edition.id, edition.year
FROM edition
WHERE edition.id = ANY (%(keys)s::INTEGER[])

SELECT initiative.id, initiative.title, initiative.launched_on
FROM initiative
WHERE initiative.id = ANY (%(keys)s::INTEGER[])
