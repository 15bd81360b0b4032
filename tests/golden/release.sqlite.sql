SELECT 1, release.version, release.updated_at, release.licence_name, release.licence_url, release.attribution, release.id, release.id AS id__1
FROM release ORDER BY release.id DESC
 LIMIT ? OFFSET ?

SELECT 1, coverage.prize, coverage.year, coverage.announced, coverage.loaded
FROM (SELECT prize.slug AS prize, edition.year AS year, edition."key" AS "key", edition.announced_awards AS announced, (SELECT count(*) AS count_1
FROM award
WHERE award.edition_id = edition.id) AS loaded
FROM edition JOIN prize ON edition.prize_id = prize.id) AS coverage ORDER BY coverage.year DESC, coverage."key" DESC
