SELECT 1, collectivity.uid, collectivity.name, collectivity.kind, collectivity.parent_id, collectivity.id
FROM collectivity
WHERE collectivity.kind = ? AND collectivity.code = ? ORDER BY collectivity.kind ASC, collectivity.code ASC

SELECT collectivity.id, collectivity.name
FROM collectivity
WHERE collectivity.id IN (SELECT value FROM json_each(?))

SELECT laureate.collectivity_id, count(*) AS count_1
FROM award JOIN laureate ON laureate.award_id = award.id
WHERE laureate.collectivity_id IN (SELECT value FROM json_each(?)) GROUP BY laureate.collectivity_id

SELECT keys.value, page.edition_id, page.level, page.initiative_id, page.year, page.level_rank, page."key"
FROM json_each(?) AS keys JOIN award AS page ON page.id IN (SELECT award.id
FROM award JOIN laureate ON laureate.award_id = award.id
WHERE laureate.collectivity_id = keys.value ORDER BY award.year DESC, award.level_rank DESC, award."key" DESC
 LIMIT ? OFFSET ?) ORDER BY page.year DESC, page.level_rank DESC, page."key" DESC

SELECT edition.id, edition.year
FROM edition
WHERE edition.id IN (SELECT value FROM json_each(?))

SELECT initiative.id, initiative.title, initiative.launched_on
FROM initiative
WHERE initiative.id IN (SELECT value FROM json_each(?))
