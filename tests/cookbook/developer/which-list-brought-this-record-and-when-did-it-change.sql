-- nodes (year, name, provenance.source.title, provenance.source.licence.name, provenance.createdIn.version, provenance.createdIn.updatedAt, provenance.changedIn.version)
SELECT
  record.year, record.name, list.title, list.licence_name,
  created.version, created.updated_at, changed.version
FROM (
  SELECT uid, year, NULL AS name FROM award WHERE uid = 'awd_egnu2u6ndogrkdap'
  UNION ALL
  SELECT uid, NULL, name FROM collectivity WHERE uid = 'col_p73lgpcczk3oglgq'
) AS record
JOIN record_state AS state ON state.uid = record.uid
JOIN source AS list ON list.id = state.feed_id
JOIN release AS created ON created.id = state.created_id
JOIN release AS changed ON changed.id = state.touched_id
ORDER BY record.uid;
